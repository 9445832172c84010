import { CommandError } from '../errors.ts';
import { type Document, isDocument, setField, type Value } from '../values/document.ts';
import { compileExpression } from './expression.ts';
import { type Environment, each, type Stage } from './stage.ts';

/** `$redact` (manual: reference/operator/aggregation/redact). */
export function redact(spec: Value, { context }: Environment): Stage {
  const expression = compileExpression(spec, context);
  const prune = (root: Document, current: Document): Document | undefined => {
    const decision = expression({ root, current, variables: context.variables ?? {} });
    if (decision === 'keep') return current;
    if (decision === 'prune') return undefined;
    if (decision !== 'descend') {
      throw new CommandError(17053, '$redact must resolve to $$KEEP, $$PRUNE, or $$DESCEND');
    }
    const result: Document = {};
    for (const [name, value] of Object.entries(current)) {
      const kept = descend(root, value);
      if (kept !== undefined) setField(result, name, kept);
    }
    return result;
  };
  const descend = (root: Document, value: Value): Value => {
    if (isDocument(value)) return prune(root, value);
    return Array.isArray(value) ? value.map((item) => descend(root, item)).filter((item) => item !== undefined) : value;
  };
  return each((document) => prune(document, document));
}
