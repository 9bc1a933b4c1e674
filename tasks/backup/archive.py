"""Backup: the file itself - a tar, encrypted on its way to the disk for keys of which the server holds the public half only (age)."""
import io
import os
import tarfile
import threading
from contextlib import contextmanager

import pyrage
from pyrage import x25519


class Unreadable(Exception):
    """The file is not a backup, is cut off or changed, or was not made for this key."""


def new_key():
    """(secret half, public half) of a new key."""
    secret = x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def recipients(text):
    """The public keys in 'age1...,age1...'; ValueError with a sentence when one is unusable."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(x25519.Recipient.from_str(part))
        except pyrage.RecipientError:
            raise ValueError(f"{part[:12]}… 不是 age 公钥") from None
    return found


@contextmanager
def writing(path, keys):
    """A tarfile that is written encrypted to `path`; the file appears under its name only when it is whole."""
    growing = path.with_name(path.name + ".part")
    inside, outside = os.pipe()
    failed = []

    def encrypt():
        try:
            with os.fdopen(inside, "rb") as plain, open(growing, "wb") as sealed:
                pyrage.encrypt_io(plain, sealed, keys)
                sealed.flush()
                os.fsync(sealed.fileno())
        except BaseException as error:
            failed.append(error)
    thread = threading.Thread(target=encrypt, name="backup")
    thread.start()
    try:
        try:
            with os.fdopen(outside, "wb") as plain, tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT) as tar:
                yield tar
        finally:
            thread.join()
        if failed:
            raise failed[0]
        os.replace(growing, path)
    except BrokenPipeError:
        raise failed[0] from None       # the disk behind the pipe is the reason
    finally:
        growing.unlink(missing_ok=True)


def add(tar, name, data):
    """One member of bytes."""
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


@contextmanager
def reading(path, secret):
    """Iterator over (name, bytes) of the members, in their order. Unreadable when the file is not whole or not for this key."""
    try:
        key = x25519.Identity.from_str(secret.strip())
    except pyrage.IdentityError:
        raise Unreadable("密钥文件里没有 AGE-SECRET-KEY") from None
    inside, outside = os.pipe()
    failed = []

    def decrypt():
        try:
            with open(path, "rb") as sealed, os.fdopen(outside, "wb") as plain:
                pyrage.decrypt_io(sealed, plain, [key])
        except BaseException as error:
            failed.append(error)
    thread = threading.Thread(target=decrypt, name="restore")
    thread.start()
    try:
        with os.fdopen(inside, "rb") as plain:
            yield _members(plain, thread, failed)
    finally:
        thread.join()


def _members(plain, thread, failed):
    try:
        with tarfile.open(fileobj=plain, mode="r|") as tar:
            for member in tar:
                yield member.name, tar.extractfile(member).read()
        while plain.read(1 << 20):      # to the end, where a file that was cut off or changed is found out
            pass
    except tarfile.TarError as error:
        if not failed:
            thread.join()
        raise Unreadable(_why(failed)) from error
    thread.join()
    if failed:
        raise Unreadable(_why(failed))


def _why(failed):
    if failed and isinstance(failed[0], pyrage.DecryptError) and "key" in str(failed[0]).lower():
        return "这份备份不是给这把密钥的"
    return f"备份文件不完整或已被改动：{failed[0] if failed else '内容不是备份'}"
