"""An IMS QTI 2.1 content package, for learning platforms: one item a question, one test of all.

``imsmanifest.xml`` lists the items in the dump's order, each with its topic as keyword, its id and its
place in LOM metadata. ``items/<id>.xml`` has the stem, a ``choiceInteraction`` whose identifiers are the
option ids, single or multiple, with the right answer (score 1 or 0) and one ``modalFeedback`` for each option
that the dump explains; a ``fill_in`` is a ``textEntryInteraction`` whose mapping has every accepted answer.
The whole explanation and the references are the modal feedback ``EXPLANATION``, shown after every answer.
``test.xml`` has a section for each topic, in the order in which they begin. A second question with one id is
``<id>_2``.

Text is plain text: paragraphs and lines stay apart, what looks like code stands in ``<pre>``.

What it cannot hold: control characters, which become U+FFFD; a number of options to choose that is below the
number of right ones; options of a ``fill_in``, and accepted answers of another question. The rationale is
written only where there is no explanation, of which it is a part. Items of number codes stand in the stem.
Findings, the roles and lines of references, rejected blocks and what is not a question are left out: JSON
holds them.

Use it: take the whole ZIP file, unopened, to the import of a platform that reads QTI 2.1 packages: in TAO
*Tests → Import*, format *QTI*; in OpenOlat and OPAL (ONYX) the import of a test or of questions into the
question pool. Platforms differ in the versions of QTI they read and in what they show of modal feedback: try
one question first. For Moodle take ``moodle-xml``.

Tried: onyx2moodle's parser, and an XML parser with the part of the content model that is used; on no
platform.

Source: IMS QTI 2.1 final (2012), "Assessment Test, Section, and Item Information Model" and "Content
Packaging"; IMS Content Packaging 1.1.4; IEEE 1484.12.3 (LOM).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import PurePosixPath
from xml.sax.saxutils import escape, quoteattr

from ingest.model.document import Document
from ingest.model.question import Option, Question, Reference
from ingest.parts.code import has_code_line
from ingest.parts.counted import counted
from ingest.parts.identity import unique_id
from ingest.parts.quiz import misplaced, overall_explanation, shown_texts, takes_several
from ingest.parts.urls import is_web
from ingest.parts.xml_text import REPLACED, has_unwritable, writable
from ingest.parts.zip_file import zipped
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".qti21.zip"
HOLDS = {
    *("stem", "options", "key", "several", "fill_in", "line_ends", "select_count", "reasons", "explanation"),
    *("references", "topic", "id", "number", "place"),
}
_ATTRIBUTE_BREAKS = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
_ROOT = (
    f'xmlns="{_QTI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{_QTI} http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd"'
)
_MANIFEST_ROOT = (
    'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"'
    ' xmlns:lom="http://ltsc.ieee.org/xsd/LOM"'
    ' xmlns:qti="http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1'
    " http://www.imsglobal.org/xsd/qti/qtiv2p1/qtiv2p1_imscpv1p2_v1p0.xsd"
    " http://ltsc.ieee.org/xsd/LOM http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd"
    " http://www.imsglobal.org/xsd/imsqti_metadata_v2p1"
    ' http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_metadata_v2p1.xsd"'
)
_SCORE = """\
<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="1">
<defaultValue><value>0</value></defaultValue>
</outcomeDeclaration>
"""
_EXPLANATION = '<outcomeDeclaration identifier="EXPLANATION" cardinality="single" baseType="identifier"/>\n'
_MATCH_CORRECT = """\
<responseCondition>
<responseIf>
<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>
<setOutcomeValue identifier="SCORE"><baseValue baseType="float">1</baseValue></setOutcomeValue>
</responseIf>
<responseElse>
<setOutcomeValue identifier="SCORE"><baseValue baseType="float">0</baseValue></setOutcomeValue>
</responseElse>
</responseCondition>
"""
_MAP_RESPONSE = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>\n'
_TELL_OPTIONS = '<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/></setOutcomeValue>\n'
_TELL_EXPLANATION = (
    '<setOutcomeValue identifier="EXPLANATION">'
    '<baseValue baseType="identifier">EXPLANATION</baseValue></setOutcomeValue>\n'
)


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The package, in one piece."""
    yield zipped((name, text.encode()) for name, text in sorted(_files(document)))


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """Control characters that were replaced, counts that contradict the key, parts that have no place."""
    return notes_of(document, _losses)


def _losses(question: Question) -> Iterator[str]:
    if has_unwritable((*shown_texts(question), question.source.file)):
        yield REPLACED
    if question.select_count and question.select_count < len(question.answer):
        yield f"{counted(len(question.answer), 'option')} can be chosen, as many as are right"
    yield from misplaced(question)


def _files(document: Document) -> Iterator[tuple[str, str]]:
    yield "imsmanifest.xml", _manifest(document)
    if document.questions:
        yield "test.xml", _test(document)
    for question in document.questions:
        yield f"items/{_name(question)}.xml", _item(question)


def _name(question: Question) -> str:
    return unique_id(question, "_")


def _title(question: Question) -> str:
    return _name(question) if question.number is None else f"Question {question.number}"


def _set_title(document: Document) -> str:
    return PurePosixPath(document.source.file).stem or "exam"


def _set_identifier(document: Document) -> str:
    return sha256(document.source.file.encode("utf-8", "replace")).hexdigest()[:16]


def _manifest(document: Document) -> str:
    resources = "".join(f"{_resource(question)}\n" for question in document.questions)
    return (
        f'{_DECLARATION}<manifest {_MANIFEST_ROOT} identifier="package_{_set_identifier(document)}">\n'
        "<metadata>\n<schema>QTIv2.1 Package</schema>\n<schemaversion>1.0.0</schemaversion>\n"
        f"{_lom('test', _set_title(document))}</metadata>\n"
        f"<organizations/>\n<resources>\n{_test_resource(document)}{resources}</resources>\n</manifest>\n"
    )


def _test_resource(document: Document) -> str:
    if not document.questions:
        return ""
    items = "".join(f'<dependency identifierref="{_name(question)}"/>\n' for question in document.questions)
    return (
        f'<resource identifier="test_{_set_identifier(document)}" type="imsqti_test_xmlv2p1"'
        ' href="test.xml">\n'
        f'<file href="test.xml"/>\n{items}</resource>\n'
    )


def _resource(question: Question) -> str:
    href = f"items/{_name(question)}.xml"
    kind = "textEntryInteraction" if question.type == "fill_in" else "choiceInteraction"
    return (
        f'<resource identifier="{_name(question)}" type="imsqti_item_xmlv2p1" href="{href}">\n'
        "<metadata>\n"
        f"{_lom(_name(question), _title(question), _place(question), question.topic)}"
        f"<qti:qtiMetadata>\n<qti:interactionType>{kind}</qti:interactionType>\n</qti:qtiMetadata>\n"
        f'</metadata>\n<file href="{href}"/>\n</resource>'
    )


def _lom(identifier: str, title: str, description: str = "", keyword: str | None = None) -> str:
    return (
        "<lom:lom>\n<lom:general>\n<lom:identifier><lom:catalog>exam-ingest</lom:catalog>"
        f"<lom:entry>{identifier}</lom:entry></lom:identifier>\n{_lom_text('title', title)}"
        f"{_lom_text('description', description) if description else ''}"
        f"{_lom_text('keyword', keyword) if keyword is not None else ''}"
        "</lom:general>\n</lom:lom>\n"
    )


def _lom_text(name: str, text: str) -> str:
    return f"<lom:{name}><lom:string>{_escaped(text)}</lom:string></lom:{name}>\n"


def _place(question: Question) -> str:
    first, last = question.source.lines
    return f"{question.source.file}, lines {first}–{last}"


def _test(document: Document) -> str:
    topics: dict[str | None, list[Question]] = {}
    for question in document.questions:
        topics.setdefault(question.topic, []).append(question)
    sections = "".join(
        _section(f"section_{place}", topic or _set_title(document), questions)
        for place, (topic, questions) in enumerate(topics.items(), 1)
    )
    return (
        f'{_DECLARATION}<assessmentTest {_ROOT} identifier="test_{_set_identifier(document)}"'
        f" title={_quoted(_set_title(document))}>\n"
        '<testPart identifier="part" navigationMode="nonlinear" submissionMode="individual">\n'
        '<itemSessionControl maxAttempts="0" showFeedback="true"/>\n'
        f"{sections}</testPart>\n</assessmentTest>\n"
    )


def _section(identifier: str, title: str, questions: Iterable[Question]) -> str:
    items = "".join(
        f'<assessmentItemRef identifier="{name}" href="items/{name}.xml"/>\n'
        for name in map(_name, questions)
    )
    return (
        f'<assessmentSection identifier="{identifier}" title={_quoted(title)} visible="true">\n'
        f"{items}</assessmentSection>\n"
    )


def _item(question: Question) -> str:
    is_fill_in = question.type == "fill_in"
    feedback = _option_feedback(question) + _overall_feedback(question)
    declarations, interaction, processing = _fill_in(question) if is_fill_in else _choice(question)
    return (
        f'{_DECLARATION}<assessmentItem {_ROOT} identifier="{_name(question)}"'
        f' title={_quoted(_title(question))} adaptive="false" timeDependent="false">\n'
        f"{declarations}{_EXPLANATION}"
        f'<itemBody>\n<div class="stem">\n{_blocks(question.stem)}\n</div>\n{interaction}</itemBody>\n'
        f"<responseProcessing>\n{processing}{_TELL_EXPLANATION}</responseProcessing>\n"
        f"{feedback}</assessmentItem>\n"
    )


def _choice(question: Question) -> tuple[str, str, str]:
    """Declarations, interaction and response processing of a question with options."""
    is_multiple = takes_several(question)
    kind = f'cardinality="{"multiple" if is_multiple else "single"}" baseType="identifier"'
    declarations = (
        f'<responseDeclaration identifier="RESPONSE" {kind}>\n'
        f"{_correct(question.answer)}</responseDeclaration>\n{_SCORE}"
        f'<outcomeDeclaration identifier="FEEDBACK" {kind}/>\n'
    )
    most = max(question.select_count or 0, len(question.answer)) if is_multiple else 1
    choices = "".join(map(_simple_choice, question.options))
    interaction = (
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="false" maxChoices="{most}">\n'
        f"{choices}</choiceInteraction>\n"
    )
    processing = (_MATCH_CORRECT if question.answer else "") + _TELL_OPTIONS
    return declarations, interaction if choices else "", processing


def _fill_in(question: Question) -> tuple[str, str, str]:
    """Declarations, interaction and response processing of a question with a blank."""
    declarations = (
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string">\n'
        f"{_correct(question.accepted[:1])}{_mapping(question.accepted)}</responseDeclaration>\n{_SCORE}"
    )
    length = max([1, *map(len, question.accepted)])
    interaction = f'<p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="{length}"/></p>\n'
    return declarations, interaction, _MAP_RESPONSE if question.accepted else ""


def _mapping(accepted: tuple[str, ...]) -> str:
    entries = "".join(
        f'<mapEntry mapKey={_quoted(each)} mappedValue="1" caseSensitive="false"/>\n'
        for each in dict.fromkeys(accepted)
    )
    return f'<mapping defaultValue="0">\n{entries}</mapping>\n' if entries else ""


def _correct(values: Iterable[str]) -> str:
    entries = "".join(f"<value>{_escaped(each)}</value>" for each in values)
    return f"<correctResponse>{entries}</correctResponse>\n" if entries else ""


def _simple_choice(option: Option) -> str:
    return f'<simpleChoice identifier="{option.id}">{_flow(option.text)}</simpleChoice>\n'


def _option_feedback(question: Question) -> str:
    if question.type == "fill_in":
        return ""
    return "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" identifier="{option.id}" showHide="show"'
        f' title="{option.id}">{_flow(option.explanation)}</modalFeedback>\n'
        for option in question.options
        if option.explanation is not None
    )


def _overall_feedback(question: Question) -> str:
    explanation = overall_explanation(question)
    if not explanation and not question.references:
        return ""
    told = f'<div class="explanation">\n{_blocks(explanation)}\n</div>\n' if explanation else ""
    entries = "".join(f"<li>{_link(each)}</li>\n" for each in question.references)
    listed = f'<ul class="references">\n{entries}</ul>\n' if entries else ""
    return (
        '<modalFeedback outcomeIdentifier="EXPLANATION" identifier="EXPLANATION" showHide="show"'
        f' title="Explanation">\n{told}{listed}</modalFeedback>\n'
    )


def _link(reference: Reference) -> str:
    """Only addresses of the web can be followed."""
    if not is_web(reference.canonical):
        return _lines(reference.url)
    return f"<a href={_quoted(reference.canonical)}>{_lines(reference.url)}</a>"


def _flow(text: str) -> str:
    """A short text as it is, a longer one as paragraphs: platforms show a lone paragraph with a gap."""
    return _blocks(text) if "\n\n" in text or has_code_line(text) else _lines(text)


def _blocks(text: str) -> str:
    """A text as paragraphs, with code set apart."""
    return "\n".join(map(_block, text.split("\n\n")))


def _block(paragraph: str) -> str:
    if has_code_line(paragraph):
        return f"<pre>{_escaped(paragraph)}</pre>"
    return f"<p>{_lines(paragraph)}</p>"


def _lines(text: str) -> str:
    return _escaped(text).replace("\n", "<br/>")


def _escaped(text: str) -> str:
    # Parsers make a line end of a plain carriage return.
    return escape(writable(text), {"\r": "&#13;"})


def _quoted(text: str) -> str:
    return quoteattr(writable(text), _ATTRIBUTE_BREAKS)
