"""The adverse events of the simulation: CTCAE v5.0 terms, the words on the ward, and their class.

Names only: no MedDRA codes are made up.
"""

from __future__ import annotations

from typing import NamedTuple


class Term(NamedTuple):
    """A CTCAE term, as written on the ward, and its system organ class."""

    name: str
    words: str
    soc: str


_GI, _SKIN = "Gastrointestinal disorders", "Skin and subcutaneous tissue disorders"
_GENERAL = "General disorders and administration site conditions"
_NERVOUS, _LAB = "Nervous system disorders", "Investigations"
_BLOOD, _INFECTION = "Blood and lymphatic system disorders", "Infections and infestations"
_LUNG = "Respiratory, thoracic and mediastinal disorders"
_IMMUNE, _VESSEL = "Immune system disorders", "Vascular disorders"
_INJURY = "Injury, poisoning and procedural complications"
NEOPLASMS = "Neoplasms benign, malignant and unspecified (incl cysts and polyps)"

_ALL = (
    Term("Nausea", "恶心", _GI),
    Term("Mucositis oral", "口腔黏膜炎", _GI),
    Term("Constipation", "便秘", _GI),
    Term("Anorexia", "食欲减退", "Metabolism and nutrition disorders"),
    Term("Fatigue", "乏力", _GENERAL),
    Term("Insomnia", "失眠", "Psychiatric disorders"),
    Term("Alopecia", "脱发", _SKIN),
    Term("Cough", "咳嗽", _LUNG),
    Term("Back pain", "背痛", "Musculoskeletal and connective tissue disorders"),
    Term("Epistaxis", "鼻出血", _LUNG),
    Term("Neutrophil count decreased", "中性粒细胞减少", _LAB),
    Term("Platelet count decreased", "血小板减少", _LAB),
    Term("Anemia", "贫血", _BLOOD),
    Term("Hypokalemia", "低钾", "Metabolism and nutrition disorders"),
    Term("Febrile neutropenia", "粒缺伴发热", _BLOOD),
    Term("Lung infection", "肺部感染", _INFECTION),
    Term("Sepsis", "脓毒症", _INFECTION),
    Term("Disease progression", "疾病进展", _GENERAL),
    Term("Headache", "头痛", _NERVOUS),
    Term("Dizziness", "头晕", _NERVOUS),
    Term("Tremor", "震颤", _NERVOUS),
    Term("Paresthesia", "感觉异常", _NERVOUS),
    Term("Somnolence", "嗜睡", _NERVOUS),
    Term("Dysgeusia", "味觉障碍", _NERVOUS),
    Term("Syncope", "晕厥", _NERVOUS),
    Term("Seizure", "癫痫发作", _NERVOUS),
    Term("Edema limbs", "下肢水肿", _GENERAL),
    Term("Flu like symptoms", "流感样症状", _GENERAL),
    Term("Malaise", "不适", _GENERAL),
    Term("Fever", "发热", _GENERAL),
    Term("Chills", "寒战", _GENERAL),
    Term("Infusion related reaction", "输注相关反应", _INJURY),
    Term("Fall", "跌倒", _INJURY),
    Term("Bruising", "瘀青", _INJURY),
    Term("Rash maculo-papular", "斑丘疹", _SKIN),
    Term("Dry skin", "皮肤干燥", _SKIN),
    Term("Hyperhidrosis", "多汗", _SKIN),
    Term("Urticaria", "荨麻疹", _SKIN),
    Term("Anaphylaxis", "过敏性休克", _IMMUNE),
    Term("Thromboembolic event", "深静脉血栓", _VESSEL),
    Term("Hypertension", "高血压", _VESSEL),
    Term("Hot flashes", "潮热", _VESSEL),
    Term("Pneumonitis", "间质性肺炎", _LUNG),
    Term("Pleural effusion", "胸腔积液", _LUNG),
    Term("Hiccups", "呃逆", _LUNG),
    Term("Upper gastrointestinal hemorrhage", "上消化道出血", _GI),
    Term("Colitis", "结肠炎", _GI),
    Term("Pancreatitis", "胰腺炎", _GI),
    Term("Dyspepsia", "消化不良", _GI),
    Term("Gastritis", "胃炎", _GI),
    Term("Bloating", "腹胀", _GI),
    Term("Heart failure", "心力衰竭", "Cardiac disorders"),
    Term("Myocarditis", "心肌炎", "Cardiac disorders"),
    Term("Palpitations", "心悸", "Cardiac disorders"),
    Term("Acute kidney injury", "急性肾损伤", "Renal and urinary disorders"),
    Term("Urinary tract infection", "尿路感染", _INFECTION),
    Term("Myalgia", "肌痛", "Musculoskeletal and connective tissue disorders"),
    Term("Anxiety", "焦虑", "Psychiatric disorders"),
    Term("Weight loss", "体重下降", _LAB),
    Term("Treatment related secondary malignancy", "继发第二肿瘤", NEOPLASMS),
)
TERMS = {each.name: each for each in _ALL}
