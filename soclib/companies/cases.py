"""Where the names of this room were; to go with the wrappers in ``soclib``."""

from soclib.companies.agreements import (
    SURPRISE,
    VENDOR,
    Agreement,
    CompanyCase,
    company,
    company_cases,
)
from soclib.companies.frames import companies
from soclib.companies.sheets import company_readings, gallery

__all__ = [
    "SURPRISE",
    "VENDOR",
    "Agreement",
    "CompanyCase",
    "companies",
    "company",
    "company_cases",
    "company_readings",
    "gallery",
]
