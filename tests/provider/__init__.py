"""An OpenID Connect provider of an invented authority: django-oauth-toolkit's, as its own process.

What it tells is true unless `trouble.json` in its folder says otherwise.
"""
