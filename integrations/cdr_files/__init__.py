"""Call records from files: Asterisk's and FreeSWITCH's CDR files, and CSV of anyone's."""

from integrations.cdr_files.provider import FilesProvider

__all__ = ["FilesProvider"]
