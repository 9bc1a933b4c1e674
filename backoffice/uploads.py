"""What an uploaded file is, by its first bytes, whatever it calls itself."""

MAGIC = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


def content_type_of(upload):
    """PDF, JPEG or PNG as a content type; None for anything else."""
    upload.stream.seek(0)
    head = upload.stream.read(8)
    upload.stream.seek(0)
    return next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), None)
