"""Nothing of the guide's document is missing: each of its statements, section by section, and the leaf that holds it.

The document itself is not shipped; the quotes are its own words, with full-width brackets where it sets formulas.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from shirube.cli import run_command_line
from shirube.guides import GuideData, parse_guide
from shirube.hooks import Resource
from shirube.messages import Text
from shirube.text import display_width, is_japanese

#: Section of the document -> (words of the document, path of the leaf that says them).
STATEMENTS = {
    "cover": [
        ("文部科学省マテリアル先端リサーチインフラ (ARIM)", "overview.programme"),
        ("データ利活用のための推奨測定条件・選定メタデータ", "overview.subtitle"),
        ("軟X線光電子分光装置：シエンタオミクロン_SES200編", "overview.title"),
    ],
    "introduction": [
        ("材料研究における新たなアプローチとして、データ駆動型材料研究が注目されています。", "overview.introduction.0"),
        ("データの力を活用して研究の効率化や新材料の発見を目指すものです。", "overview.introduction.0"),
        ("広くシェア・活用できる基盤（システム名：RDE）を構築しました。", "overview.introduction.0"),
        ("データ取得方法や装置メタデータの共通化が重要です。", "overview.introduction.1"),
        ("データの比較や再利用が難しくなります。", "overview.introduction.1"),
        ("ガイダンスとなる「データリファレンスガイド」を作成いたしました。", "overview.introduction.1"),
        ("データ駆動型材料研究の基盤として役立つことが期待されます。", "overview.introduction.2"),
        ("参画する機関が保有する装置に限って作成されており、限定された装置のみに適用されます。", "overview.scope"),
    ],
    "definitions": [
        ("推奨測定条件", "definitions.0.term"),
        ("対象の材料に応じた測定が行えるように設定された推奨の測定条件", "definitions.0.text"),
        ("（例：サンプルサイズ、前処理、計測条件のほか装置の設定条件など）", "definitions.0.text"),
        ("ARIM 登録ファイル", "definitions.1.term"),
        ("ARIMにおいてRDEへ登録するときの指定フォーマット（拡張子）。", "definitions.1.text"),
        ("手入力データ", "definitions.2.term"),
        ("RDEでユーザーが直接入力する画面において表示される試料に関する詳細情報", "definitions.2.text"),
        ("（例：試料の前処理方法や測定の補助情報など）", "definitions.2.text"),
        ("選定メタデータ", "definitions.3.term"),
        ("第三者による再現性の確保やデータ解析において特に重要な", "definitions.3.text"),
        ("選定メタデータのjsonスキーマ", "definitions.4.term"),
        ("json形式によるスキーマ定義で、metadata-def.jsonで規定。", "definitions.4.text"),
    ],
    "figures": [
        ("図：RDEにおける手入力データの入力画面", "figures.0.caption"),
        ("電子ラボノートのような記録フォームで便利!", "figures.0.shows"),
        ("図：RDEにおける選定メタデータの定義スキーマとそれから得られる出力メタデータ", "figures.1.caption"),
        ("装置外観", "figures.2.caption"),
        ("図 A：試料ホルダー", "figures.3.caption"),
        ("Fitting models selected by BIC, grouped by number of peaks", "figures.4.caption"),
    ],
    "overview": [
        ("軟X線光電子分光装置", "overview.instrument"),
        ("シエンタオミクロン株式会社", "overview.maker"),
        ("SES2002", "overview.model"),
        ("金属、半導体", "overview.objects"),
        ("固体、薄膜", "overview.targets"),
        ("超高真空下", "overview.environment"),
        ("バンド構造、元素同定、元素定量、化学結合状態", "overview.information"),
        ("日本原子力研究開発機構", "overview.holders.0.name"),
        ("AE-007", "overview.holders.0.instrument_id"),
        ("軟X線光電子分光装置", "overview.holders.0.instrument_name"),
        ("SES2002", "overview.holders.0.model"),
    ],
    "features": [
        ("固体の電子・化学結合状態の分析、構成元素の同定や定量評価が可能な手法です。", "overview.features.0"),
        ("BL23SUの光電子分光装置によるXPS測定は以下の特徴を持ちます。", "overview.features.1"),
        ("アンジュレーター放射光 (400-1900 eV)", "overview.features.2"),
        ("10 ~ 20 Å 程度の検出深さで分析が可能", "overview.features.2"),
        ("N、O、Al、Si等のK吸収端、3d遷移金属のL吸収端、4f希土類のM吸収端が測定可能", "overview.features.3"),
        ("超高真空下で分析することが必要", "overview.features.4"),
        ("XPSはこれらの特徴を活かして薄膜や積層膜の表面・界面分析", "overview.features.5"),
        ("表面における劣化・故障解析などに用いられます。", "overview.features.5"),
    ],
    "principle": [
        ("光電子の運動エネルギーを分析する手法です。", "overview.principle"),
        ("運動エネルギー保存則が成り立ちます", "overview.principle"),
        ("hν = K.E. + B.E. + Φ", "overview.equation"),
        ("(Φ: 試料の仕事関数)", "overview.principle"),
        ("光電子が存在した電子軌道の束縛エネルギーが求まります。", "overview.principle"),
        ("元素の同定を行うことができます。", "overview.principle"),
        ("ピーク面積とそれらの相対感度係数を用いて元素定量を行うことができます。", "overview.principle"),
        ("(化学シフト)するため、この変化量を読み取ることで元素の化学結合状態を分析", "overview.principle"),
        ("表面分析技術選書 X線光電子分光法 丸善出版、ISBN 978-4621081556", "overview.references.0"),
    ],
    "conditions": [
        ("横方向に最大 15 mm × 15 mm、厚さ 5 mm 以下", "sample.size"),
        ("図 A の Cu 製の試料ホルダーに Cu 製のプレート等を利用して固定する。", "sample.mounting"),
        ("超高真空中のチャンバー内で、劈開または破断して清浄表面を準備する。", "sample.preparation"),
        ("推奨実験条件を表 1、2 に示す（ピンクでハッチングされた項目が該当条件）。", "introductions.conditions"),
        ("表 1 : Wide scan の推奨実験条件", "conditions.wide.title"),
        ("<wide scan> normal", "conditions.wide.title"),
        ("表 2 : Narrow scan の推奨実験条件", "conditions.narrow.title"),
        ("<narrow scan> normal", "conditions.narrow.title"),
    ],
    "calibration": [
        ("高純度Au蒸着膜", "calibration.standard"),
        ("装置管理者", "calibration.operator"),
        ("放射光のエネルギー変更の度を実施。", "calibration.frequency"),
        ("清浄な高純度Au蒸着膜を準備し、フェルミエッジの測定を通して", "calibration.method"),
        ("エネルギー分解能、フェルミ準位、放射光フォトンエネルギーを決定する。", "calibration.method"),
    ],
    "operation": [("MCP 検出器", "overview.consumables.0"), ("イオンゲージフィラメント", "overview.consumables.1")],
    "files": [
        ("測定データ", "files.data_label"),
        ("*.txt", "files.data.0"),
        ("追加メタデータ", "files.sidecar_label"),
        ("*_metadata.json", "files.sidecars.0"),
    ],
    "manual items": [
        ("測定にかかる手入力項目は、以下の情報を入力する項目を設けています。", "introductions.manual"),
        ("BIC-Fittingを実行する場合はチェックしてください。", "manual.10.help"),
        ("BIC-Fittingの対象とするBinding Energy範囲の上限値を指定してください。default: 200.0", "manual.11.help"),
        ("測定にかかる特記事項があれば記入してください", "manual.12.help"),
    ],
    "selected metadata": [("metadata-def.jsonは、以下のように定義されています。", "introductions.metadata")],
    "structuring": [
        ("運動エネルギーから結合エネルギーへの変換", "structuring.0.title"),
        ("較正 / キャリブレーションで決定した放射光フォトンエネルギーを登録することで行われる。", "structuring.0.text"),
        ("A) 放射光フォトンエネルギーを、測定ソフト (SES) の測定条件表の", "structuring.0.methods.0"),
        ("B) 放射光フォトンエネルギーを入力した JSON 形式の追加メタデータファイルを", "structuring.0.methods.1"),
        ("対象データ名_metadata.json", "structuring.0.file_name"),
        ('"Excitation Energy": 放射光フォトンエネルギー', "structuring.0.example"),
        ("A) と B) が両方登録されている場合は、B) が優先される。", "structuring.0.precedence"),
    ],
    "analysis": [
        ("BIC fitting ツール", "analyses.0.title"),
        ("XPS のナローズペクトルのピーク分離を自動化した", "analyses.0.description.0"),
        ("最大 155 通りの初期値を元に", "analyses.0.description.0"),
        ("ベイズ情報量規準 (Bayesian information criterion, BIC) で評価して上位の解", "analyses.0.description.0"),
        ("左上の図はフィッティングの解を構成するピーク本数 K に対する BIC の値です。", "analyses.0.description.1"),
        ("BIC はフィッティングの良さとモデルの複雑さをバランスよく評価する指標", "analyses.0.description.1"),
        ("BIC の小さい順にランクの値を付け、ピーク本数 K の値とともに示されます。", "analyses.0.description.1"),
        ("図中の shirley は Shirley のバックグラウンドを用いることを示します。", "analyses.0.description.1"),
        ("[1] H. Shinotsuka et al.", "overview.references.1"),
        ("https://doi.org/10.1016/j.elspec.2019.146903", "overview.references.1"),
    ],
    "imprint": [
        ("2025-12", "overview.issued"),
        ("第1版", "overview.edition"),
        ("国立研究開発法人物質・材料研究機構", "overview.publisher"),
        ("マテリアル先端リサーチインフラセンターハブ", "overview.publisher"),
        ("〒305-0047 茨城県つくば市千現 1-2-1", "overview.address"),
        ("https://nanonet.mext.go.jp/data_service/", "overview.url"),
        ("arim_data@ml.nims.go.jp", "overview.email"),
    ],
}
#: Tables 1 and 2: item, unit and value as printed.
RESOLUTION = "前述のPass Energyでのエネルギー分解能"
COMMON = [
    ("", "装置機種名", None, "SES2002 AE-007 軟X線光電子分光装置"),
    ("", "装置メーカー名", None, "Scienta Omicron"),
    ("", "提案機関", None, "JAEA"),
    ("", "X線源", None, "放射光 (800eV)"),
    ("", "X線出力", "W", "—"),
    ("", "Pass Energy", "eV", "50"),
    (RESOLUTION, "Ag3d5/2 のFWHM", "eV", "—"),
    (RESOLUTION, "計算値", "eV", "—"),
]
TABLES = {
    "wide": [
        *COMMON,
        (RESOLUTION, "Auフェルミ端", "eV", "0.125"),
        ("", "計測するBinding Energyの最小値", "eV", "—2"),
        ("", "計測するBinding Energyの最大値", "eV", "600"),
        ("", "Energy Step", "eV", "0.2"),
    ],
    "narrow": [*COMMON, (RESOLUTION, "Auフェルミ端", "eV", "0.1"), ("", "Energy Step", "eV", "0.01")],
}


@pytest.fixture(scope="module")
def guide() -> GuideData:
    return parse_guide(Resource("shirube_ses2002", "guide.toml").read_bytes().decode("utf-8"), "ses2002", "guide.toml")


def leaf(record: Any, path: str) -> str:
    """Return what stands at a path, in Japanese."""
    for step in path.split("."):
        if step.isdigit():
            record = record[int(step)]
        else:
            record = record[step] if isinstance(record, Mapping) else getattr(record, step)
    return record.ja if isinstance(record, Text) else record


@pytest.mark.parametrize("section", STATEMENTS)
def test_every_statement_of_the_section_is_in_its_leaf(guide, section):
    assert [(quote, path) for quote, path in STATEMENTS[section] if quote not in leaf(guide, path)] == []


def test_every_text_is_in_both_languages_and_no_english_one_is_japanese(guide):
    found = list(texts(guide))
    assert len(found) > 200
    japanese = [text.en for text in found if is_japanese(text.en)]
    assert japanese == ["Printed “変更の度を実施”; read as “変更の度に実施”, at every change."]
    assert [text for text in found if bool(text.en.strip()) != bool(text.ja.strip())] == []


def texts(record: Any) -> Any:
    if isinstance(record, Text):
        yield record
    elif isinstance(record, tuple):
        for one in record:
            yield from texts(one)
    elif hasattr(record, "values"):
        for one in record.values():
            yield from texts(one)
    elif hasattr(record, "__attrs_attrs__"):
        for one in record.__attrs_attrs__:
            yield from texts(getattr(record, one.name))


@pytest.mark.parametrize("scan", TABLES)
def test_the_tables_of_conditions_are_printed_whole_with_what_they_leave_open(guide, scan):
    rows = [
        (item.group.ja if item.group else "", item.name.ja, item.unit, item.value.ja)
        for item in guide.conditions[scan].items
    ]
    assert rows == TABLES[scan]


@pytest.mark.parametrize("scan", TABLES)
def test_every_printed_number_is_the_number_that_is_checked(guide, scan):
    conditions = {one.term: one for one in guide.conditions[scan].conditions}
    printed = {term: item.value.ja for item in guide.conditions[scan].items for term in item.terms}
    assert set(printed) == set(conditions)
    for term, text in printed.items():
        if isinstance(conditions[term].value, str):
            continue
        number = text.removeprefix("放射光 (").removesuffix("eV)").replace("—", "-")
        assert float(number) == conditions[term].value, term


def test_ranges_and_sizes_are_numbers_too(guide):
    energy, depth, sample = guide.overview.photon_energy, guide.overview.detection_depth, guide.sample
    assert (energy.minimum, energy.maximum, energy.unit) == (400.0, 1900.0, "eV")
    assert (depth.minimum, depth.maximum, depth.unit) == (10.0, 20.0, "Å")
    assert (sample.max_length, sample.max_width, sample.max_thickness, sample.unit) == (15.0, 15.0, 5.0, "mm")


def test_the_calibration_yields_what_the_guide_determines_at_the_fermi_edge(guide):
    assert guide.calibration.yields == ("energy_resolution", "fermi_level", "photon_energy")


def test_iterations_are_summed_for_the_analyses_and_angles_and_positions_are_not(guide):
    assert {name for name, what in guide.axes.items() if what == "sum"} >= {"iteration"}
    assert (guide.axes["angle"], guide.axes["position"]) == ("keep", "keep")


def document_of(guide: GuideData) -> Any:
    """Return the parts of the guide that its document has; the rest is for checks."""
    scans = tuple((scan.title, scan.items) for scan in guide.conditions.values())
    items = tuple((item.label, item.help) for item in guide.manual)
    labels = tuple(item.label for item in guide.metadata)
    words = (guide.overview, guide.introductions, guide.definitions, guide.figures, guide.readings)
    return (*words, guide.sample, guide.calibration, guide.structuring, guide.analyses, scans, items, labels)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_everything_that_the_document_says_is_on_its_page(guide, lang, capsys):
    assert run_command_line(["guides", "show", "ses2002", "--lang", lang, "--format", "markdown"]) == 0
    page = re.sub(r"[\s\\|]|<br>", "", capsys.readouterr().out)
    said = [text.render(lang) for text in texts(document_of(guide))]
    assert len(said) > 150
    assert [text for text in said if re.sub(r"\s", "", text) not in page] == []
    names = [item.name for item in (*guide.metadata, *guide.manual)]
    assert [name for name in names if name.replace(" ", "") not in page] == []


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("columns", [80, 100])
def test_the_guide_fits_the_terminal_and_says_every_word_of_its_page(lang, columns, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run_command_line(["guides", "show", "ses2002", "--lang", lang]) == 0
    shown = capsys.readouterr().out
    assert max(display_width(line) for line in shown.splitlines()) <= columns
    assert run_command_line(["guides", "show", "ses2002", "--lang", lang, "--format", "markdown"]) == 0
    page = capsys.readouterr().out.replace("\\", "")
    # Cells are wrapped beside each other, so what can be asked for is each character.
    assert sorted(re.sub(r"[\W_]", "", page.replace("<br>", "").replace("```text", ""))) == sorted(
        re.sub(r"[\W_]", "", shown)
    )


def test_json_holds_the_whole_guide(guide, capsys):
    assert run_command_line(["guides", "show", "ses2002", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "shirube-guide/1"
    flat = json.dumps(document, ensure_ascii=False)
    said = [json.dumps(text.ja, ensure_ascii=False) for text in texts(document_of(guide))]
    assert [text for text in said if text not in flat] == []
    assert document["guide"]["overview"]["photon_energy"] == {"minimum": 400.0, "maximum": 1900.0, "unit": "eV"}
