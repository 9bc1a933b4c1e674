"""The ciphers behind sealed values, each under the name by which a key chooses it: the tag stands behind the cipher text, which opens in its own
place only."""
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TAG = 16


class SM4GCM:
    """SM4 (GB/T 32907) in Galois counter mode, called as the library calls AES."""

    def __init__(self, key):
        self.block = algorithms.SM4(key)

    def encrypt(self, nonce, plain, place):
        within = Cipher(self.block, modes.GCM(nonce)).encryptor()
        within.authenticate_additional_data(place)
        return within.update(plain) + within.finalize() + within.tag

    def decrypt(self, nonce, kept, place):
        within = Cipher(self.block, modes.GCM(nonce, kept[-TAG:])).decryptor()
        within.authenticate_additional_data(place)
        return within.update(kept[:-TAG]) + within.finalize()


CIPHERS = {"aes": AESGCM, "sm4": SM4GCM}
