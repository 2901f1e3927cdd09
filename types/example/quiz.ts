/**
 * Prints a converted file as a quiz: the questions, then the key with the reasons, then what a person
 * should look at before trusting either.
 *
 *     npx tsc && node build/quiz.js ../out/skipper_es.json
 */

import { readFileSync } from "node:fs";
import type { Bank, Document, Question } from "../ingest.d.ts";

const file = process.argv[2];
if (file === undefined) {
  console.error("usage: node build/quiz.js exam.json");
  process.exit(2);
}
const exam = load(file);

for (const question of exam.questions) {
  console.log(`${heading(question)}\n\n${question.stem}\n\n${task(question)}`);
  for (const option of question.options) console.log(`  ${option.id}) ${option.text}`);
  console.log();
}
console.log("KEY\n");
for (const question of exam.questions) {
  console.log(`${heading(question)}: ${key(question).join(", ")}`);
  for (const reason of reasons(question)) console.log(`  ${reason}`);
  console.log();
}
for (const finding of exam.diagnostics) {
  if (finding.severity === "info") continue;
  console.log(`${finding.file}:${finding.line}: ${finding.code} ${finding.message}`);
}

/** What `ingest convert` wrote. JSON.parse trusts its shape; `ingest validate` checks it. */
function load(file: string): Document {
  const content: Document | Bank = JSON.parse(readFileSync(file, "utf8"));
  if (content.schema_version !== "1.0" || "kind" in content) {
    throw new Error(`${file} is no document of schema version 1.0`);
  }
  return content;
}

/** Number and topic; either may be missing in a dump. */
function heading(question: Question): string {
  const number = question.number === null ? "Question" : `Question ${question.number}`;
  return question.topic === null ? number : `${number} (${question.topic})`;
}

/** What is to be done. A type without a case here is a compile error. */
function task(question: Question): string {
  switch (question.type) {
    case "single_select":
      return "Choose one.";
    case "multi_select":
      return `Choose ${question.select_count ?? "all that apply"}.`;
    case "fill_in":
      return "Fill in the blank.";
  }
}

/** Letters of options; for a blank the texts that are accepted. */
function key(question: Question): string[] {
  return question.type === "fill_in" ? question.accepted : question.answer;
}

/** What is said of each option; where nothing is, what is said of the question, if anything. */
function reasons(question: Question): string[] {
  const said = question.options.flatMap(({ id, explanation }) =>
    explanation === null ? [] : [`${id} – ${explanation}`],
  );
  if (said.length > 0) return said;
  const reason = question.rationale ?? question.explanation;
  return reason === null ? [] : [reason];
}
