import { compileExpression } from '../aggregate/expression.ts';
import { CommandError, cut } from '../errors.ts';
import type { Context } from '../query/operators.ts';
import { compileAddFields, compileProjection } from '../query/project.ts';
import { type Document, isDocument, type Value } from '../values/document.ts';
import type { Update } from './compile-update.ts';

/** The stages that an update pipeline may have (manual: tutorial/update-documents-with-aggregation-pipeline). */
const STAGES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

/** Compiles an update pipeline. @throws CommandError 72 for a stage that changes more than the document at hand */
export function compileUpdatePipeline(pipeline: Value[], context: Context): Update {
  const steps = pipeline.map((stage) => {
    const [name = ''] = isDocument(stage) ? Object.keys(stage) : [];
    if (!STAGES.includes(name)) {
      throw new CommandError(72, `${cut(name)} is not allowed to be used within an update`);
    }
    return compileShape(name, (stage as Document)[name], context) as (document: Document) => Document;
  });
  return (document) => steps.reduce((result, step) => withId(step(result), result), document);
}

/** A stage may leave `_id` out; the document keeps it. */
function withId(result: Document, before: Document): Document {
  return before._id !== undefined && result._id === undefined ? { _id: before._id, ...result } : result;
}

/** Compiles a stage that makes one document of one document; undefined when `name` is no such stage. */
export function compileShape(
  name: string,
  spec: Value,
  context: Context,
): ((document: Document) => Document) | undefined {
  const scopeOf = (root: Document) => ({ root, variables: context.variables ?? {} });
  switch (name) {
    case '$addFields':
    case '$set': {
      if (!isDocument(spec)) throw new CommandError(40272, `${name} specification stage must be an object`);
      const project = compileAddFields(spec, context);
      return (document) => project(document, scopeOf(document));
    }
    case '$project': {
      if (!isDocument(spec)) throw new CommandError(15969, '$project specification must be an object');
      const project = compileProjection(spec, context, 'stage');
      return (document) => project(document, scopeOf(document));
    }
    case '$unset': {
      const wrong = (code: number, what: string) =>
        new CommandError(code, `$unset specification must be a string or an array${what}`);
      const names = Array.isArray(spec) ? spec : [spec];
      if (!Array.isArray(spec) && typeof spec !== 'string') throw wrong(31002, '');
      if (names.length === 0) throw wrong(31119, ' with at least one field');
      if (!names.every((path) => typeof path === 'string')) throw wrong(31120, ' containing only string values');
      const project = compileProjection(Object.fromEntries(names.map((path) => [path, 0])), context, 'stage');
      return (document) => project(document, scopeOf(document));
    }
    case '$replaceRoot':
    case '$replaceWith': {
      const wanted = name === '$replaceWith' ? spec : isDocument(spec) ? spec.newRoot : undefined;
      if (wanted === undefined) throw new CommandError(40231, 'no newRoot specified for the $replaceRoot stage');
      const expression = compileExpression(wanted, context);
      return (document) => {
        const result = expression(scopeOf(document));
        if (!isDocument(result)) {
          throw new CommandError(
            40228,
            "'newRoot' expression must evaluate to an object, but resulting value was not one",
          );
        }
        return result;
      };
    }
  }
  return undefined;
}
