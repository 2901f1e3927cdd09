/*
 * The records that ingest writes. Made from the JSON Schemas by `make declarations`; do not edit.
 */

/**
 * Everything that one file holds.
 */
export interface Document {
  schema_version: "1.0";
  source: Provenance;
  questions: Question[];
  rejected: Rejected[];
  furniture: Furniture[];
  diagnostics: Diagnostic[];
}

/**
 * The file that was read.
 */
export interface Provenance {
  /**
   * Its name below the folder or argument it was given by; never absolute.
   */
  file: string;
  sha256: string;
  encoding: string;
  /**
   * The locale of its labels; null where no label was found.
   */
  labels: string | null;
}

/**
 * One question of a practice exam.
 */
export interface Question {
  /**
   * ``q_`` and 16 hex digits over the folded stem and the sorted folded options: stays the same
   * when options are shuffled or the key is corrected.
   */
  id: string;
  /**
   * 1; 2, 3 … for later questions of the document with the same id.
   */
  occurrence: number;
  /**
   * Hash of the whole content, to see that something changed.
   */
  fingerprint: string;
  /**
   * As printed, or null.
   */
  number: number | null;
  type: "single_select" | "multi_select" | "fill_in";
  /**
   * Plain text; paragraphs are joined by a blank line.
   */
  stem: string;
  /**
   * How many options are to be selected; null for ``fill_in``.
   */
  select_count: number | null;
  /**
   * In the order of the dump.
   */
  options: Option[];
  /**
   * The key: ids of the options marked correct, in option order.
   */
  answer: string[];
  /**
   * Accepted answers of a ``fill_in``.
   */
  accepted: string[];
  /**
   * The numbered things that the options' number codes refer to.
   */
  items: Item[];
  /**
   * The whole overall explanation as printed.
   */
  explanation: string | null;
  /**
   * Why the key is right: the explanation without headings, restated options, the parts about
   * wrong options and reference lists.
   */
  rationale: string | null;
  references: Reference[];
  /**
   * Domain of the exam, as printed.
   */
  topic: string | null;
  attempt: Attempt | null;
  /**
   * Codes of the findings that concern this question, sorted.
   */
  findings: string[];
  source: Place;
}

/**
 * One option, without its letter or bullet.
 */
export interface Option {
  /**
   * Its letter: A for the first one of the dump.
   */
  id: string;
  text: string;
  correct: boolean;
  /**
   * What the dump says about this option; null where it says nothing.
   */
  explanation: string | null;
}

/**
 * One of the numbered things that options such as ``2,4,3`` refer to.
 */
export interface Item {
  id: string;
  text: string;
}

/**
 * One distinct URL of a question.
 */
export interface Reference {
  /**
   * As printed where it stands first.
   */
  url: string;
  /**
   * Scheme and host in lower case, default port and known trackers dropped; query and fragment
   * kept. Nothing is fetched.
   */
  canonical: string;
  /**
   * ``reference``: listed under a heading such as "References:"; ``credit``: stands only after
   * "via -"; ``inline``: elsewhere in prose; ``image``: the address of an image.
   */
  role: "reference" | "credit" | "inline" | "image";
  /**
   * Every line of the dump where it stands, 1-based.
   */
  lines: number[];
}

/**
 * What the sitter did; written only when asked for.
 */
export interface Attempt {
  status: ("correct" | "incorrect" | "skipped") | null;
  selected: string[];
  typed: string | null;
}

/**
 * Where a question stands.
 */
export interface Place {
  file: string;
  /**
   * First and last line, 1-based.
   */
  lines: [number, number];
}

/**
 * A block of text that is no usable question, kept whole.
 */
export interface Rejected {
  number: number | null;
  lines: [number, number];
  /**
   * All its lines; without what the sitter did, unless that was asked for.
   */
  text: string;
  findings: string[];
}

/**
 * Lines outside questions.
 */
export interface Furniture {
  lines: [number, number];
  kind: "preamble" | "page" | "dropped";
}

/**
 * A finding with its place in the file as given: lines and columns are 1-based, in code points,
 * the end exclusive. ``number`` and ``id`` are the question's, or null.
 */
export interface Diagnostic {
  code: string;
  name: string;
  severity: Severity;
  message: string;
  hint: string | null;
  file: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  number: number | null;
  id: string | null;
}

/**
 * How much a finding matters: an error fails the run, a warning with ``--strict``.
 */
export type Severity = "error" | "warning" | "info";

/**
 * Many question sets as one.
 */
export interface Bank {
  schema_version: "1.0";
  kind: "bank";
  /**
   * Each with an id of its own, sorted by the place of the copy that the question is.
   */
  questions: BankEntry[];
  /**
   * Those with contrary keys between which nothing has decided; their ``question`` is the fullest copy,
   * whatever its key.
   */
  conflicts: BankEntry[];
}

/**
 * One question of a bank.
 */
export interface BankEntry {
  /**
   * The fullest copy among those with the key that was chosen; topic and references are the fullest ones
   * of these copies, and references out of another copy have no lines.
   */
  question: Question;
  /**
   * Every copy, sorted by place.
   */
  sources: Source[];
  conflict: Conflict | null;
}

/**
 * One copy of a question.
 */
export interface Source {
  /**
   * Where it stands: the file of its record, mostly a dump.
   */
  file: string;
  lines: [number, number];
  /**
   * As printed there, or null.
   */
  number: number | null;
  /**
   * Its key: the texts of the options that are right there, in their order there; for a ``fill_in``
   * without options the accepted answers.
   */
  answer: string[];
  /**
   * The files that were merged and hold this very copy, sorted; a dump is its own input, and converted
   * files say in ``file`` where they come from.
   */
  inputs: string[];
  /**
   * The fields in which it differs from the bank's question, with its values.
   */
  differs: {
    fingerprint?: string;
    type?: "single_select" | "multi_select" | "fill_in";
    stem?: string;
    select_count?: number | null;
    options?: Option[];
    accepted?: string[];
    items?: Item[];
    explanation?: string | null;
    rationale?: string | null;
    references?: Reference[];
    topic?: string | null;
    attempt?: Attempt | null;
    findings?: string[];
  };
}

/**
 * Sources that have contrary keys. One without any key contradicts none.
 */
export interface Conflict {
  /**
   * What has decided between them; ``none``: nothing has.
   */
  policy: "none" | "first" | "newest" | "majority";
  /**
   * The one that most sources have is the first.
   */
  keys: Key[];
}

/**
 * One of several contrary keys.
 */
export interface Key {
  /**
   * The texts of the right options.
   */
  answer: string[];
  /**
   * Indices of the sources that have it.
   */
  sources: number[];
}

/**
 * What stands in an output folder. Holds no time and no path from outside of it, so that the same inputs
 * give the same bytes.
 */
export interface Manifest {
  kind: "manifest";
  /**
   * Of the program that wrote it.
   */
  version: string;
  /**
   * Sorted by name.
   */
  files: ManifestEntry[];
}

/**
 * One input, and what was made from it.
 */
export interface ManifestEntry {
  /**
   * Its name, as in its records.
   */
  file: string;
  sha256: string;
  /**
   * Of the correction file beside it; null where there is none.
   */
  corrections: string | null;
  questions: number;
  doubtful: Doubt[];
  /**
   * How many of the questions were written; null for all.
   */
  selected: number | null;
  /**
   * Questions that a person has checked or corrected.
   */
  settled: number;
  /**
   * Blocks that gave no record.
   */
  rejected: number;
  /**
   * Findings of severity error.
   */
  errors: number;
  warnings: number;
  outputs: Output[];
}

/**
 * A question that a finding of severity warning or error concerns.
 */
export interface Doubt {
  number: number | null;
  /**
   * The codes of all its findings.
   */
  findings: string[];
}

/**
 * One file that was written.
 */
export interface Output {
  /**
   * Below the output folder, with forward slashes.
   */
  path: string;
  format: string;
  sha256: string;
  /**
   * Hash of all that it depends on: the input, its corrections, the settings, the program's version.
   */
  made_from: string;
}

/**
 * Everything that one correction file holds.
 */
export interface Corrections {
  /**
   * One table ``[[correction]]`` an entry.
   */
  correction?: Correction[];
}

/**
 * One entry: what is true of one question. Values left out stay as they were read.
 */
export interface Correction {
  /**
   * The number as printed.
   */
  question: number;
  /**
   * Of the question as read without corrections; ``ingest correct`` writes it.
   */
  fingerprint: string;
  /**
   * Whether a person has compared the question with the page. Only then the entry counts: its values
   * are applied, and the doubts of the question are settled.
   */
  checked?: boolean;
  /**
   * The text with which the options begin: the start of the first option's first line.
   */
  first_option?: string | null;
  /**
   * The key: ids of the right options, counted after the other corrections.
   */
  answer?: string[] | null;
  topic?: string | null;
  /**
   * Lines of the stem or the options that belong to neither, each in full.
   */
  drop?: string[];
  /**
   * For people; it changes nothing.
   */
  note?: string | null;
}
