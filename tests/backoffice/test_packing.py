"""Answers to a browser that takes gzip: packed where they are text, the same inside, of a length that tells nothing, static files kept for a year."""
import gzip


GZIP = {"Accept-Encoding": "gzip, br"}


def test_a_page_goes_out_packed_to_whom_it_may_and_is_the_same_inside(client):
    plain, packed = client.get("/login"), client.get("/login", headers=GZIP)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    assert "用户名、电子邮箱或证件号" in gzip.decompress(packed.data).decode() and len(packed.data) < len(plain.data) / 2
    assert int(packed.headers["Content-Length"]) == len(packed.data)


def test_the_length_of_a_packed_page_varies_by_chance(client):
    assert len({len(client.get("/health?" + "x" * 9, headers=GZIP).data) for _ in range(3)}) == 1        # too small to be packed
    assert len({len(client.get("/login", headers=GZIP).data) for _ in range(12)}) > 3


def test_a_static_file_is_packed_once_and_kept_for_a_year(app, client):
    with app.test_request_context():
        address = app.jinja_env.globals["static_url"]("kit.css")
    first, second = client.get(address, headers=GZIP), client.get(address, headers=GZIP)
    assert first.headers["Content-Encoding"] == "gzip" and first.data == second.data
    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with open(f"{app.static_folder}/kit.css", "rb") as content:
        assert gzip.decompress(first.data) == content.read()
    again = client.get(address, headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.data


def test_pictures_and_parts_of_files_stay_as_they_are(client):
    assert "Content-Encoding" not in client.get("/static/kit.css", headers={**GZIP, "Range": "bytes=0-99"}).headers
    assert client.get("/static/kit.css", headers={**GZIP, "Range": "bytes=0-99"}).status_code == 206


def test_what_may_be_asked_of_a_static_file_is_answered_to_whom_packs(client):
    answer = client.options("/static/kit.css", headers=GZIP)
    assert answer.status_code == 200 and "GET" in answer.headers["Allow"] and "Content-Encoding" not in answer.headers
