"""DM, DS, EX, LB and VS to their kinds of event."""

from pathlib import Path

import pytest

from tests.exchange.studies import imported, only, row, said
from tests.exchange.xport import Cell


def dm(subject: Cell = "S-01-001", **cells: Cell) -> dict[str, Cell]:
    given: dict[str, Cell] = {"SITEID": "01", "SEX": "F", "ARMCD": "A", "DMDTC": "2026-01-05"}
    return row("DM", subject, **(given | cells))


def ds(word: str, seq: Cell = 1, **cells: Cell) -> dict[str, Cell]:
    given: dict[str, Cell] = {"DSCAT": "DISPOSITION EVENT", "DSSTDTC": "2026-06-01"}
    return row("DS", seq=seq, DSDECOD=word, **(given | cells))


class TestDemographics:
    def test_an_enrolment(self, tmp_path: Path) -> None:
        rows = [dm(RFICDTC="2026-01-02", RFSTDTC="2026-01-09", BRTHDTC="1971-05", AGE=54)]
        (event,), _ = imported(tmp_path, "enrolled_at: RFSTDTC", DM=rows)
        assert event["schema"] == "enrolment/1"
        assert (event["record_id"], event["site_id"]) == ("DM-S-01-001", "01")
        assert event["recorded_at"] == "2026-01-09T23:59:59+00:00"
        assert event["data"] == {
            "consented_at": "2026-01-02",
            "enrolled_at": "2026-01-09",
            "birth_year": 1971,
            "sex": "F",
        }

    def test_an_age_is_no_year_of_birth_and_a_reference_start_no_enrolment(
        self, tmp_path: Path
    ) -> None:
        assert only(tmp_path, DM=[dm(RFSTDTC="2026-01-09", AGE=54)]) == {"sex": "F"}

    def test_milestones_of_ds_stand_for_blank_dates_of_dm(self, tmp_path: Path) -> None:
        milestones = [
            ds("INFORMED CONSENT OBTAINED", 1, DSCAT="PROTOCOL MILESTONE", DSSTDTC="2026-01-03"),
            ds("ENROLLED", 2, DSCAT="PROTOCOL MILESTONE", DSSTDTC="2026-01-08"),
        ]
        (event,), run = imported(tmp_path, DM=[dm()], DS=milestones)
        assert event["data"]["consented_at"] == "2026-01-03"
        assert event["data"]["enrolled_at"] == "2026-01-08"
        assert said(run) == []

    def test_a_screen_failure_is_no_enrolment(self, tmp_path: Path) -> None:
        events, run = imported(tmp_path, DM=[dm(ARMCD="Scrnfail")])
        assert events == []
        assert said(run) == [("DM", 1, "ARMCD", "Scrnfail", "not mapped")]

    def test_a_death_is_a_status_of_its_own(self, tmp_path: Path) -> None:
        _, death = imported(tmp_path, DM=[dm(DTHFL="Y", DTHDTC="2026-06")])[0]
        assert (death["schema"], death["record_id"]) == ("subject-status/1", "DM-DTH")
        assert death["data"] == {"status": "DEAD", "at": "2026-06", "death_date": "2026-06"}

    def test_a_second_row_of_a_subject_is_reported(self, tmp_path: Path) -> None:
        events, run = imported(tmp_path, DM=[dm(), dm()])
        assert len(events) == 1
        assert said(run) == [("DM", 2, "USUBJID", "S-01-001", "key unusable")]

    def test_the_site_may_stand_in_the_subject_number(self, tmp_path: Path) -> None:
        (event,), _ = imported(tmp_path, "site: {usubjid_part: 2}", DM=[dm(SITEID="")])
        assert event["site_id"] == "01"


class TestDisposition:
    @pytest.mark.parametrize(
        ("word", "status"),
        [
            ("COMPLETED", "COMPLETED"),
            ("LOST TO FOLLOW-UP", "LOST"),
            ("WITHDRAWAL BY SUBJECT", "WITHDRAWN"),
        ],
    )
    def test_standard_words(self, tmp_path: Path, word: str, status: str) -> None:
        assert only(tmp_path, DS=[ds(word)]) == {"status": status, "at": "2026-06-01"}

    def test_a_death(self, tmp_path: Path) -> None:
        assert only(tmp_path, DS=[ds("DEATH")]) == {
            "status": "DEAD",
            "at": "2026-06-01",
            "death_date": "2026-06-01",
        }

    def test_other_reasons_need_the_map(self, tmp_path: Path) -> None:
        events, run = imported(tmp_path, DS=[ds("ADVERSE EVENT")])
        assert events == []
        assert said(run) == [("DS", 1, "DSDECOD", "ADVERSE EVENT", "not mapped")]
        stated = "disposition: {ADVERSE EVENT: TREATMENT_DISCONTINUED}"
        assert only(tmp_path, stated, DS=[ds("ADVERSE EVENT")])["status"] == (
            "TREATMENT_DISCONTINUED"
        )

    @pytest.mark.parametrize("cells", [{"DSCAT": "OTHER EVENT"}, {"DSSCAT": "STUDY TREATMENT"}])
    def test_completed_treatment_is_no_completed_study(
        self, tmp_path: Path, cells: dict[str, Cell]
    ) -> None:
        events, run = imported(tmp_path, DS=[ds("COMPLETED", **cells)])
        assert events == []
        assert not run.understood


class TestExposure:
    STATED = "infusions: {treatments: [CELLS], status: COMPLETED}"

    def ex(self, **cells: Cell) -> dict[str, Cell]:
        given: dict[str, Cell] = {
            "EXTRT": "CELLS", "EXDOSE": 100, "EXDOSU": "mL", "EXROUTE": "INTRAVENOUS DRIP",
            "EXSTDTC": "2026-03-02T10:00", "EXENDTC": "2026-03-02T10:40", "EXLOT": "L1",
        }  # fmt: skip
        return row("EX", **(given | cells))

    def test_an_infusion(self, tmp_path: Path) -> None:
        assert only(tmp_path, self.STATED, EX=[self.ex()]) == {
            "infusion_no": 1,
            "product_id": "CELLS",
            "start": "2026-03-02T10:00",
            "end": "2026-03-02T10:40",
            "status": "COMPLETED",
            "volume_mL": "100",
            "route": "INTRAVENOUS",
            "lot": "L1",
        }

    def test_without_a_map_no_row_is_an_infusion(self, tmp_path: Path) -> None:
        events, run = imported(tmp_path, EX=[self.ex()])
        assert events == []
        assert said(run) == [("EX", 1, "EXTRT", "CELLS", "not mapped")]

    def test_a_dose_not_given_is_not_completed(self, tmp_path: Path) -> None:
        data = only(tmp_path, self.STATED, EX=[self.ex(EXOCCUR="N")])
        assert data["status"] == "NOT_DONE"

    def test_the_status_is_unknown_unless_the_map_states_it(self, tmp_path: Path) -> None:
        assert "status" not in only(tmp_path, "infusions: {treatments: [CELLS]}", EX=[self.ex()])

    def test_other_units_and_routes_are_reported(self, tmp_path: Path) -> None:
        rows = [self.ex(EXDOSE=54, EXDOSU="mg", EXROUTE="TRANSDERMAL")]
        (event,), run = imported(tmp_path, self.STATED, EX=rows)
        assert not {"volume_mL", "route"} & set(event["data"])
        assert said(run) == [
            ("EX", 1, "EXDOSE", "54", "not mapped"),
            ("EX", 1, "EXROUTE", "TRANSDERMAL", "not mapped"),
        ]


class TestLaboratory:
    def lb(self, **cells: Cell) -> dict[str, Cell]:
        given: dict[str, Cell] = {
            "LBTESTCD": "BILI", "LBCAT": "CHEMISTRY", "LBORRES": "<0.2", "LBORRESU": "mg/dL",
            "LBORNRLO": "0.2", "LBORNRHI": "1.20", "LBDTC": "2026-03-09T06:00",
        }  # fmt: skip
        return row("LB", **(given | cells))

    def test_the_original_result_arrives_as_it_stands(self, tmp_path: Path) -> None:
        rows = [self.lb(LBSPEC="SERUM", LBFAST="N", LBREFID="S1", LBSTRESN=3.42)]
        assert only(tmp_path, LB=rows) == {
            "test": "BILI",
            "result_raw": "<0.2",
            "unit_raw": "mg/dL",
            "range_low": "0.2",
            "range_high": "1.20",
            "range_unit": "mg/dL",
            "collected_at": "2026-03-09T06:00",
            "specimen": "SERUM",
            "sample_id": "S1",
            "fasting": False,
            "status": "DONE",
        }

    def test_limits_that_are_blank_stay_unknown(self, tmp_path: Path) -> None:
        data = only(tmp_path, LB=[self.lb(LBORNRLO="", LBORNRHI="")])
        assert not {"range_low", "range_high", "range_unit"} & set(data)

    def test_a_test_not_done(self, tmp_path: Path) -> None:
        data = only(tmp_path, LB=[self.lb(LBORRES="", LBORRESU="", LBSTAT="NOT DONE")])
        assert data["status"] == "NOT DONE"
        assert "result_raw" not in data

    def test_the_specimen_of_a_category(self, tmp_path: Path) -> None:
        stated = "specimen_by_category: {URINALYSIS: URINE}"
        rows = [self.lb(seq=1, LBCAT="Urinalysis", LBSPEC=""), self.lb(seq=2, LBSPEC="")]
        events, _ = imported(tmp_path, stated, LB=rows)
        assert [event["data"].get("specimen") for event in events] == ["URINE", None]
        assert "specimen" not in only(tmp_path, LB=[self.lb(LBCAT="URINALYSIS", LBSPEC="")])

    def test_a_unit_that_is_not_known_arrives_and_is_reported(self, tmp_path: Path) -> None:
        (event,), run = imported(tmp_path, LB=[self.lb(LBORRESU="BAGS/uL")])
        assert (event["data"]["unit_raw"], event["data"]["range_unit"]) == ("BAGS/uL", "BAGS/uL")
        assert said(run) == [("LB", 1, "LBORRESU", "BAGS/uL", "unit not known")]

    def test_the_map_says_what_a_unit_means(self, tmp_path: Path) -> None:
        (event,), run = imported(
            tmp_path, 'units: {BAGS/uL: "10*3/uL"}', LB=[self.lb(LBORRESU="BAGS/uL")]
        )
        assert (event["data"]["unit_raw"], event["data"]["range_unit"]) == ("10*3/uL", "10*3/uL")
        assert run.understood

    @pytest.mark.parametrize("word", ["", "NO UNITS"])
    def test_no_unit_is_no_unit(self, tmp_path: Path, word: str) -> None:
        rows = [self.lb(LBTESTCD="PH", LBORRES="7.4", LBORRESU=word)]
        (event,), run = imported(tmp_path, LB=rows)
        assert "unit_raw" not in event["data"]
        assert run.understood

    def test_a_result_in_words_arrives(self, tmp_path: Path) -> None:
        rows = [
            self.lb(
                LBTESTCD="COLOR", LBORRES="YELLOW", LBORRESU="NO UNITS", LBORNRLO="", LBORNRHI=""
            )
        ]
        events, run = imported(tmp_path, LB=rows)
        assert [event["data"]["result_raw"] for event in events] == ["YELLOW"]
        assert run.understood

    def test_words_where_a_number_belongs_arrive_unread(self, tmp_path: Path) -> None:
        (event,), run = imported(tmp_path, LB=[self.lb(LBORRES="HEMOLYZED")])
        assert event["data"]["result_raw"] == "HEMOLYZED"
        assert said(run) == [("LB", 1, "LBORRES", "HEMOLYZED", "not understood")]


class TestVitalSigns:
    def vs(self, code: str, seq: int, value: str, unit: str, **cells: Cell) -> dict[str, Cell]:
        given: dict[str, Cell] = {
            "VSTPT": "PRE", "VSPOS": "SITTING", "VSSTAT": "", "VSLOC": "",
            "VSDTC": "2026-03-02", "VISITNUM": 3,
        }  # fmt: skip
        start = row("VS", seq=seq, VSTESTCD=code, VSORRES=value, VSORRESU=unit)
        return start | given | cells

    def test_one_record_for_one_set(self, tmp_path: Path) -> None:
        rows = [
            self.vs("SYSBP", 7, "120", "mmHg"),
            self.vs("DIABP", 8, "70", "mmHg"),
            self.vs("PULSE", 9, "66", "BEATS/MIN"),
            self.vs("RESP", 10, "16", "BREATHS/MIN"),
            self.vs("OXYSAT", 11, "97", "%"),
            self.vs("TEMP", 12, "98.6", "F", VSLOC="EAR"),
        ]
        (event,), run = imported(tmp_path, VS=rows)
        assert event["record_id"] == "VS-7"
        assert event["data"] == {
            "at": "2026-03-02",
            "timepoint": "PRE",
            "systolic_mmHg": "120",
            "diastolic_mmHg": "70",
            "pulse_per_min": "66",
            "respiration_per_min": "16",
            "spo2_pct": "97",
            "temperature": {"value": "98.6", "unit": "[degF]", "route": "TYMPANIC"},
        }
        assert run.understood

    @pytest.mark.parametrize(
        "apart",
        [{"VSTPT": "END"}, {"VSPOS": "SUPINE"}, {"VSDTC": "2026-03-03"}, {"VISITNUM": 4}, {}],
    )
    def test_another_time_position_or_visit_or_a_second_reading_is_another_record(
        self, tmp_path: Path, apart: dict[str, Cell]
    ) -> None:
        rows = [self.vs("SYSBP", 1, "120", "mmHg"), self.vs("SYSBP", 2, "150", "mmHg", **apart)]
        events, _ = imported(tmp_path, VS=rows)
        assert [each["data"]["systolic_mmHg"] for each in events] == ["120", "150"]
        assert [each["record_id"] for each in events] == ["VS-1", "VS-2"]

    def test_what_has_no_place_is_reported(self, tmp_path: Path) -> None:
        rows = [
            self.vs("WEIGHT", 1, "62", "kg"),
            self.vs("SYSBP", 2, "16", "kPa"),
            self.vs("PULSE", 3, "", "", VSSTAT="NOT DONE"),
            self.vs("DIABP", 4, "70", "mmHg"),
        ]
        (event,), run = imported(tmp_path, VS=rows)
        assert event["data"]["diastolic_mmHg"] == "70"
        assert "systolic_mmHg" not in event["data"]
        assert said(run) == [
            ("VS", 1, "VSTESTCD", "WEIGHT", "not mapped"),
            ("VS", 2, "VSORRESU", "kPa", "unit not known"),
            ("VS", 3, "VSSTAT", "NOT DONE", "not done"),
        ]

    def test_a_set_without_a_readable_value_is_no_record(self, tmp_path: Path) -> None:
        events, _ = imported(tmp_path, VS=[self.vs("SYSBP", 1, "16", "kPa")])
        assert events == []

    def test_a_place_of_measurement_without_a_route_arrives_unread(self, tmp_path: Path) -> None:
        (event,), run = imported(tmp_path, VS=[self.vs("TEMP", 1, "36.8", "C", VSLOC="FOREHEAD")])
        assert event["data"]["temperature"] == {
            "value": "36.8", "unit": "Cel", "route": "FOREHEAD",
        }  # fmt: skip
        assert said(run) == [("VS", 1, "VSLOC", "FOREHEAD", "not understood")]
