"""OpenID Connect, stricter than the library: nonce, signature, one subject, verified address."""
