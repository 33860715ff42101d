"""Kinds of membership and of bodies."""

from __future__ import annotations

from enum import StrEnum


class MembershipKind(StrEnum):
    GUEST = "guest"
    ASSOCIATE = "associate"
    PARTNER = "partner"
    APPLICANT = "applicant"


class OrganisationKind(StrEnum):
    UNIVERSITY = "university"
    CIVIL_SOCIETY = "civil_society"
    AGENCY = "agency"
    NETWORK = "network"
    MUNICIPALITY = "municipality"  # one that is not a member city yet
