"""Downloads of RDE are read as zip files and as folders; a zip file that is broken or meant to harm leaves nothing."""

import hashlib
import io
import json
import stat
import struct
import tempfile
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shirube.errors import InputError
from shirube_rde import archives, exporter

ID = "2ddf932e-fa80-40d7-a010-939ab486e309"
FACTS = {
    "dataset": {
        "datasetId": ID,
        "datasetName": "MoS2 の光電子分光",
        "programName": "ARIM",
        "grantNumber": "JPMXP1222NM1001",
        "grantTitle": "MoS2",
        "manager": {"userName": "KIMOTO,Koji", "organizationName": ""},
        "keyName": [],
        "datasetTemplate": {"nameJa": "SES2002", "nameEn": "SES2002", "version": "1"},
    },
    "data": {"dataId": "1", "dataName": "C1s", "dataOwner": None},
    "source": {"instrument": {"localId": "AE-001", "nameJa": "軟X線光電子分光装置"}},
}
CATALOGUE = {"catalog": {"dataset_title": "MoS2", "abstract": "要約", "key1": "XPS", "key2": None}}


@pytest.fixture
def parts(invoice):
    root = f"dataset_{ID}"
    metadata = {"constant": {"photon_energy": {"value": 1100, "unit": "eV"}}, "variable": []}
    return {
        f"{root}/catalog.json": json.dumps(CATALOGUE).encode(),
        f"{root}/data_0001/data.json": json.dumps(FACTS).encode(),
        f"{root}/data_0001/invoice.json": json.dumps(invoice()).encode(),
        f"{root}/data_0001/meta/metadata.json": json.dumps(metadata).encode(),
        f"{root}/data_0001/structured/a.csv": b"1,2\n",
        f"{root}/data_0001/main_image/測定.png": b"\x89PNG",
        f"{root}/data_0002/data.json": json.dumps({**FACTS, "data": {"dataName": "O1s"}}).encode(),
    }


@pytest.fixture
def zipped(tmp_path):
    def write(parts, name="download.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        return path

    return write


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """Nothing is left where temporary folders are made, whatever happened."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def the_dataset(dataset):
    assert dataset is not None
    assert (dataset.id, dataset.title, dataset.program) == (ID, "MoS2 の光電子分光", "ARIM")
    assert (dataset.project_number, dataset.project_title) == ("JPMXP1222NM1001", "MoS2")
    assert (dataset.manager.name, dataset.manager.organization) == ("KIMOTO,Koji", "")
    assert dataset.instruments == ("AE-001 軟X線光電子分光装置",)
    assert (dataset.catalogue.title, dataset.catalogue.summary, dataset.catalogue.tags) == ("MoS2", "要約", ("XPS",))
    # What a download does not hold is not supplied: it is neither blank nor false.
    assert (dataset.description, dataset.embargo_end, dataset.is_anonymized) == (None, None, None)
    first, second = dataset.entries
    assert first.registration.sample.names == ("Si(100)",)
    assert dict(first.metadata) == {"photon_energy": 1100}
    assert first.files["structured"] == ("data_0001/structured/a.csv",)
    assert first.files["main_image"] == ("data_0001/main_image/測定.png",)
    assert first.digests["data_0001/structured/a.csv"] == hashlib.sha256(b"1,2\n").hexdigest()
    assert (second.name, second.registration) == ("O1s", None)
    return True


def test_a_zip_file_and_its_folder_are_one_dataset(zipped, parts, tmp_path, parameters):
    path = zipped(parts)
    assert the_dataset(exporter.read(path, parameters))
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "folder")
    assert exporter.read(tmp_path / "folder", parameters) == exporter.read(path, parameters)
    assert exporter.read(tmp_path / "folder" / f"dataset_{ID}", parameters) == exporter.read(path, parameters)
    assert exporter.verify(tmp_path / "folder", parameters) == ()


def test_names_of_windows_in_japan_are_read(zipped, parts, parameters):
    path = zipped(parts)
    # What Explorer writes: cp932 and no mark that says so.
    data = path.read_bytes().replace(
        "測定.png".encode(), "測定.png".encode("cp932").ljust(len("測定.png".encode()), b"_")
    )
    mended = bytearray(data)
    for signature, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = mended.find(signature)
        while at >= 0:
            (flags,) = struct.unpack_from("<H", mended, at + place)
            struct.pack_into("<H", mended, at + place, flags & ~0x800)
            at = mended.find(signature, at + 4)
    path.write_bytes(bytes(mended))
    (name,) = exporter.read(path, parameters).entries[0].files["main_image"]
    assert name.startswith("data_0001/main_image/測定.png")


def test_another_zip_file_is_nobodys(zipped, parameters):
    assert exporter.read(zipped({"readme.txt": b"x"}), parameters) is None


def test_a_catalogue_form_that_nobody_filled_in_is_none(zipped, parts, parameters):
    parts[f"dataset_{ID}/catalog.json"] = b"null"
    assert exporter.read(zipped(parts), parameters).catalogue is None


def refused(path, parameters, lang="en"):
    with pytest.raises(InputError) as caught:
        exporter.read(path, parameters)
    return caught.value.render(lang)


class TestWhatIsRefused:
    def test_data_of_two_datasets(self, zipped, parts, parameters):
        other = {**FACTS, "dataset": {**FACTS["dataset"], "datasetId": "another"}}
        parts[f"dataset_{ID}/data_0002/data.json"] = json.dumps(other).encode()
        assert "different datasets" in refused(zipped(parts), parameters)

    def test_a_malformed_document_names_the_zip_file_the_place_and_the_line(self, zipped, parts, parameters):
        parts[f"dataset_{ID}/data_0001/invoice.json"] = b'{\n"basic": [}'
        said = refused(zipped(parts), parameters)
        assert "download.zip: data_0001/invoice.json, line 2" in said
        assert "temporary" not in said

    @pytest.mark.parametrize(
        "name",
        [
            "../outside.txt",
            "data_0001/../../outside.txt",
            "/etc/outside.txt",
            "C:/outside.txt",
            "..\\outside.txt",
            "data_0001\\..\\..\\outside.txt",
            "data_0001/a\x07.txt",
            "data_0001/con. /x",
        ],
    )
    def test_names_that_lead_elsewhere(self, zipped, parts, parameters, tmp_path, name):
        before = set(tmp_path.rglob("*"))
        path = zipped({**parts, name: b"evil"})
        assert "do not trust one that somebody else made so" in refused(path, parameters)
        assert set(tmp_path.rglob("*")) - before == {path}

    def test_a_name_behind_a_nul(self, zipped, parts, parameters):
        path = zipped({**parts, "data_0001/ab.txt": b"x"})
        path.write_bytes(path.read_bytes().replace(b"data_0001/ab.txt", b"data_0001/a\x00.txt"))
        assert "do not trust one that somebody else made so" in refused(path, parameters)

    def test_links(self, zipped, parts, parameters):
        path = zipped(parts)
        with zipfile.ZipFile(path, "a") as archive:
            link = zipfile.ZipInfo("data_0001/link")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc/passwd")
        assert "is a link or a device" in refused(path, parameters)

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    @pytest.mark.parametrize("name", ["x/a.txt", "x/A.TXT", "x"])
    def test_one_name_twice_or_as_file_and_folder(self, zipped, parts, parameters, name):
        path = zipped({**parts, "x/a.txt": b"1"})
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr(name, b"2")
        assert "twice, or as a file and as a folder" in refused(path, parameters)

    def test_a_bomb_by_its_ratio(self, zipped, parts, parameters):
        said = refused(zipped({**parts, "data_0001/structured/zeros.csv": bytes(50 * 2**20)}), parameters)
        assert "zeros.csv' in the zip file grows suspiciously" in said

    def test_a_bomb_that_lies_about_its_size(self, zipped, parts, parameters):
        path = zipped({**parts, "zeros.csv": bytes(50 * 2**20)})
        data = path.read_bytes().replace(struct.pack("<I", 50 * 2**20), struct.pack("<I", 10))
        path.write_bytes(data)
        assert refused(path, parameters)

    def test_too_many_files_and_too_many_bytes(self, zipped, parts, parameters, monkeypatch):
        path = zipped(parts)
        monkeypatch.setattr(archives, "MOST_FILES", 3)
        assert "holds 7 files, more than 3" in refused(path, parameters)
        monkeypatch.setattr(archives, "MOST_FILES", 100)
        monkeypatch.setattr(archives, "MOST_BYTES", 10)
        assert "more than 0.0 GB" in refused(path, parameters)

    @pytest.mark.parametrize("cut", [10, 200, -30])
    def test_half_a_file(self, zipped, parts, parameters, cut):
        path = zipped(parts)
        path.write_bytes(path.read_bytes()[:cut])
        assert "download it again, or make it anew" in refused(path, parameters)

    def test_an_encrypted_file(self, zipped, parts, parameters):
        path = zipped(parts)
        data = bytearray(path.read_bytes())
        at = data.find(b"PK\x01\x02")
        data[at + 8] |= 1
        path.write_bytes(bytes(data))
        assert "is encrypted" in refused(path, parameters)
        assert "暗号化" in refused(path, parameters, "ja")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 2000), value=st.integers(0, 255))
def test_a_damaged_byte_gives_a_dataset_or_one_error(parts, tmp_path, parameters, at, value):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    data = bytearray(buffer.getvalue())
    data[at % len(data)] = value
    path = tmp_path / "damaged.zip"
    path.write_bytes(bytes(data))
    outside = set(tmp_path.iterdir())
    try:
        exporter.read(path, parameters)
    except InputError as error:
        said = error.render("ja")
    else:
        said = str(path)
    assert str(path) in said
    assert set(tmp_path.iterdir()) == outside
