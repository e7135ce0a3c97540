"""Text of unknown origin: which encoding it was, how wide it is, whether it is Japanese."""

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirube.text import decode, display_width, full_width_equivalents, is_japanese

SHORT = "試料名=金薄膜"
HALF_WIDTH = "ｻﾝﾌﾟﾙ=ｷﾝ ﾊｸﾏｸ"
HEADER = "測定日時：2025年4月1日　装置名：軟X線光電子分光装置\r\nコメント：清浄表面、室温で測定しました。\r\n"
MIXED = "Region Name=C 1s\nSample=グラファイト（HOPG）\nPass Energy=100 eV"
WESTERN = "Temperature=25 °C, slit 10 µm"
PLAIN = "Excitation Energy=153\nEnergy Scale=Binding"

#: Six texts in all encodings that can hold them: 27 byte strings.
MATRIX = [
    (text, encoding)
    for text, encodings in {
        SHORT: ("utf-8", "utf-8-sig", "cp932", "euc-jp", "utf-16"),
        HALF_WIDTH: ("utf-8", "utf-8-sig", "cp932", "euc-jp", "utf-16"),
        HEADER: ("utf-8", "utf-8-sig", "cp932", "euc-jp", "utf-16"),
        MIXED: ("utf-8", "utf-8-sig", "cp932", "euc-jp"),
        WESTERN: ("utf-8", "utf-8-sig", "cp1252", "utf-16"),
        PLAIN: ("utf-8", "utf-8-sig", "cp932", "utf-16"),
    }.items()
    for encoding in encodings
]


def test_the_matrix_holds_27_byte_strings():
    assert len(MATRIX) == 27


@pytest.mark.parametrize(("text", "encoding"), MATRIX)
def test_every_text_is_decoded_and_its_encoding_recorded(text, encoding):
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    expected = "utf-8" if text == PLAIN and encoding == "cp932" else encoding
    assert decoded.encoding == expected.removesuffix("-sig")
    assert decoded.had_bom == (encoding in ("utf-8-sig", "utf-16"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"25 \xb0C", "25 °C"),
        (b"10 \xb5m", "10 µm"),
        (b"\xb1 0.5", "± 0.5"),
        (b"angle 3\xb0", "angle 3°"),
        (b"\xc5ngstr\xf6m M\xfcller", "Ångström Müller"),
        (b"Universit\xe4t, Schr\xf6dinger", "Universität, Schrödinger"),
    ],
)
def test_western_signs_are_not_read_as_half_width_kana(data, text):
    assert decode(data).text == text
    assert decode(data).encoding == "cp1252"


#: Names, places and words as headers have them; each alone is all that tells the encoding.
EUROPEAN = (
    *("Sérgio", "Hägg", "Renée", "Núñez", "São Paulo", "Hélène", "François", "Léa Dupont", "Ångström", "Åse", "Østby"),
    *(
        "Jönsson",
        "Müller",
        "Größe",
        "Gómez",
        "José",
        "Zoë",
        "Håkan",
        "Björn",
        "Søren",
        "Ærø",
        "Çelik",
        "Élise",
        "Pärnu",
    ),
    *("Angélica Ñandú", "naïve", "déjà vu", "Sérgio 25 °C ± 1, 10 µm", "HÅKAN LINDSTRÖM"),
)
JAPANESE = (
    *(
        "試料A",
        "表面処理",
        "金薄膜",
        "酸化チタン",
        "髙橋",
        "山﨑",
        "田中",
        "佐藤 健",
        "鈴木",
        "清浄表面",
        "測定日",
        "室温で測定",
    ),
    *(
        "Si基板",
        "SiO2/Si 基板 600℃",
        "軟X線",
        "東京大学",
        "放射光",
        "グラファイト",
        "真空蒸着膜",
        "窒化鉄",
        "錯体",
        "嶋﨑",
    ),
)
RARE = (
    "澤田",
    "齋藤",
    "渡邊",
    "濱田",
    "廣瀬",
    "櫻井",
    "圓城寺",
    "澤",
    "邊見",
    "亞鉛",
    "砒素",
    "硼素",
    "弗化物",
    "龍谷",
    "惠子",
)
HALF = ("ｱﾙﾐ", "ｼﾘｺﾝ", "ﾀｶﾊｼ", "Tiﾀﾝ", "ｻﾝﾌﾟﾙA", "ｱﾙﾐﾅ基板")


@pytest.mark.parametrize("context", ["{}", "Sample={}\nUser=\n", "Location=Lund\nUser={}\nSample=TiO2"])
@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", EUROPEAN),
        ("cp932", JAPANESE + RARE + HALF),
        ("euc-jp", tuple(word for word in JAPANESE if word not in ("髙橋", "山﨑", "嶋﨑"))),
        ("euc-jp", ("齋藤", "渡邊", "櫻井", "圓城寺", "亞鉛", "砒素", "硼素")),
    ],
)
def test_one_name_is_enough_to_tell_its_encoding(encoding, words, context):
    texts = [context.format(word) for word in words]
    assert [decode(text.encode(encoding)).text for text in texts] == texts


@pytest.mark.parametrize(
    ("unit", "encoding"),
    [(b"S\xe9rgio ", "cp1252"), (b"\xbb\xee\xce\xc1A", "euc-jp"), (b"\xe9r\xb0 ", "cp1252"), (b"\xe0V ", "cp932")],
)
def test_a_long_text_of_one_sign_takes_no_long_time(unit, encoding):
    assert decode(unit * 100_000).encoding == encoding


def test_two_half_width_kana_in_a_row_are_japanese():
    assert decode("ｻﾝ 1".encode("cp932")).text == "ｻﾝ 1"


def test_one_half_width_kana_beside_a_kanji_is_japanese():
    assert decode("試料 A･B".encode("cp932")).text == "試料 A･B"


def test_kanji_that_share_their_bytes_with_half_width_kana_stay_kanji():
    # 軸 is 8E B2 in cp932, which EUC-JP reads as a half-width kana.
    assert decode("X軸".encode("cp932")).text == "X軸"


def test_bytes_that_cp1252_leaves_undefined_are_not_lost():
    decoded = decode(b"\x81 \xe9 \x8d")
    assert decoded.encoding == "cp1252"
    assert [ord(char) for char in decoded.text] == [0x81, 0x20, 0xE9, 0x20, 0x8D]


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_every_byte_order_mark_is_obeyed(mark):
    encoding = {
        codecs.BOM_UTF16_BE: "utf-16-be",
        codecs.BOM_UTF32_LE: "utf-32-le",
        codecs.BOM_UTF32_BE: "utf-32-be",
    }[mark]
    decoded = decode(mark + SHORT.encode(encoding))
    assert (decoded.text, decoded.had_bom) == (SHORT, True)


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc-jp"])
def test_a_character_cut_at_the_end_of_the_beginning_of_a_file_is_left_out(encoding):
    data = SHORT.encode(encoding)
    assert data[:-1] != data
    decoded = decode(data[:-1], partial=True)
    assert (decoded.text, decoded.encoding) == (SHORT[:-1], encoding)


@given(st.binary(max_size=60), st.booleans())
def test_decoding_never_fails(data, partial):
    assert isinstance(decode(data, partial=partial).text, str)


@given(st.text())
def test_utf_8_always_comes_back(text):
    if text.startswith("\ufeff") or "\0" in text:
        return
    assert decode(text.encode("utf-8", errors="ignore")).text == text.encode("utf-8", errors="ignore").decode("utf-8")


@pytest.mark.parametrize(
    ("text", "columns", "equivalents"),
    [
        ("", 0, 0.0),
        ("Ag 3d", 5, 2.5),
        ("試料", 4, 2.0),
        ("ＸＰＳ", 6, 3.0),
        ("ｶﾞ", 2, 1.0),
        ("が", 2, 1.0),
        ("か\u3099", 2, 1.0),  # か with a combining sound mark
        ("e\u0301", 1, 0.5),
        ("a\u200bb", 2, 1.0),  # a zero-width space between
        ("XPS測定 (Au 4f)", 15, 7.5),
    ],
)
def test_wide_characters_count_twice_and_combining_ones_not_at_all(text, columns, equivalents):
    assert display_width(text) == columns
    assert full_width_equivalents(text) == equivalents


@given(st.text(alphabet=st.characters(exclude_categories=["Cf", "Mn", "Me", "Cc", "Cs"])))
def test_the_width_follows_the_east_asian_width_property(text):
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    assert display_width(text) == len(text) + wide
    assert full_width_equivalents(text) == pytest.approx(wide + 0.5 * (len(text) - wide))


@pytest.mark.parametrize("text", ["試料 SiO2", "XPS測定 (Au 4f)", "ｻﾝﾌﾟﾙ", "グラファイト", "これ", "人々", "㈱標", "々"])
def test_kana_and_kanji_are_japanese(text):
    assert is_japanese(text)


@pytest.mark.parametrize("text", ["", "SiO2", "25 °C, 10 µm", "ＸＰＳ", "㎜", "Au・Ag", "α-Fe₂O₃", "— …", "℃"])
def test_letters_units_and_signs_are_not_japanese(text):
    assert not is_japanese(text)


def test_a_long_text_of_half_width_kana_that_ends_otherwise_takes_no_long_time():
    # Each pair of bytes is a kana of EUC-JP, the last pair is not: this once took the square of the length.
    assert decode(b"\x8e\xb1" * 100_000 + b"\xe0\x40").encoding == "cp932"
