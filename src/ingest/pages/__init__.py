"""Pages for people, out of templates: the review page that ``ingest report`` writes.

    files ─ sheets ─ charts ─ review page
            Sheet    Chart    HTML, one file

A page is one file without network: style and script stand in it, and a Content-Security-Policy allows these
two, by their hashes, and nothing else. The templates escape every text of a dump. The words of the page are
in ``labels/``, one language a TOML file. Opens no file but those of this folder.
"""
