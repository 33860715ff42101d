"""What Flask-Security says, in our words: translated from our catalogue, not from its own."""

from __future__ import annotations

from app.core.i18n import N_

GOOD, BAD = "ok", "warning"

WORDS = {
    "API_ERROR": (N_("This did not work. Please start again."), BAD),
    "ANONYMOUS_USER_REQUIRED": (N_("You are signed in already."), BAD),
    "DISABLED_ACCOUNT": (N_("This account is closed."), BAD),
    "GENERIC_AUTHN_FAILED": (N_("This did not work. Please try again."), BAD),
    "INVALID_CODE": (N_("This code is not right, or it was used already."), BAD),
    "REAUTHENTICATION_SUCCESSFUL": (N_("Thank you. Go on."), GOOD),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (N_("Your authenticator app is set up."), GOOD),
    "TWO_FACTOR_DISABLED": (N_("Codes are no longer asked for at sign-in."), GOOD),
    "TWO_FACTOR_INVALID_TOKEN": (N_("This code is not right, or it was used already."), BAD),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (N_("You are signed in."), GOOD),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (N_("Choose one of the ways on this page."), BAD),
    "TWO_FACTOR_PERMISSION_DENIED": (N_("Sign in with your password first."), BAD),
    "TWO_FACTOR_SETUP_EXPIRED": (N_("This took too long. Please start again."), BAD),
    "WEBAUTHN_CREDENTIAL_DELETED": (N_("The passkey is removed."), GOOD),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": (N_("This passkey belongs to an account already."), BAD),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": (N_("This passkey cannot be used here."), BAD),
    "WEBAUTHN_EXPIRED": (N_("This took too long. Please start again."), BAD),
    "WEBAUTHN_MISMATCH_USER_HANDLE": (N_("This passkey belongs to another account."), BAD),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": (
        N_("Use letters, digits, spaces, hyphens and underscores for the name."),
        BAD,
    ),
    "WEBAUTHN_NAME_INUSE": (N_("You have a passkey of this name already."), BAD),
    "WEBAUTHN_NAME_NOT_FOUND": (N_("You have no passkey of this name."), BAD),
    "WEBAUTHN_NAME_REQUIRED": (N_("Give the passkey a name."), BAD),
    "WEBAUTHN_NO_VERIFY": (N_("The passkey could not be checked. Please try again."), BAD),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": (N_("This passkey is not known here."), BAD),
    "WEBAUTHN_REGISTER_SUCCESSFUL": (N_("The passkey is added. You can sign in with it."), GOOD),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": (N_("This passkey is not known here."), BAD),
}
