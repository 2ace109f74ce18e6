"""The addresses of the second step: the package's, and ours where it would lead astray."""

from allauth.mfa.webauthn import views as package
from django.urls import include, path, register_converter

from workflow import opaque
from workflow.views import security_keys

register_converter(opaque.converter("security_key"), "security_key")

urlpatterns = [
    path("", include("allauth.mfa.base.urls")),
    path("totp/", include("allauth.mfa.totp.urls")),
    path("recovery-codes/", include("allauth.mfa.recovery_codes.urls")),
    path("security-keys/", package.list_webauthn, name="mfa_list_webauthn"),
    path("security-keys/add/", security_keys.add, name="mfa_add_webauthn"),
    path(
        "security-keys/reauthenticate/",
        security_keys.reauthenticate,
        name="mfa_reauthenticate_webauthn",
    ),
    path(
        "security-keys/<security_key:pk>/remove/",
        package.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "security-keys/<security_key:pk>/rename/",
        package.edit_webauthn,
        name="mfa_edit_webauthn",
    ),
]
