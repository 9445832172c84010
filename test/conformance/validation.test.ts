import { expect } from 'chai';
import { type Document, Double, Int32, Long, MongoServerError, ObjectId } from 'mongodb';
import { codeOf, server } from './server.ts';

/** A schema, documents that satisfy it, and documents that do not. */
type Case = [schema: Document, good: Document[], bad: Document[]];

const schemas: Record<string, Case[]> = {
  'reference/operator/query/jsonSchema': [
    [{ required: ['a'] }, [{ a: 1 }, { a: null }], [{}, { b: 1 }]],
    [{ properties: { a: { bsonType: 'int' } } }, [{ a: new Int32(1) }, {}], [{ a: new Double(1.5) }, { a: 'x' }]],
    [
      { properties: { a: { bsonType: ['number', 'null'] } } },
      [{ a: 1 }, { a: Long.fromNumber(1) }, { a: null }],
      [{ a: '1' }],
    ],
    [{ properties: { a: { type: 'boolean' } } }, [{ a: true }], [{ a: 1 }]],
    [{ properties: { a: { type: ['string', 'object'] } } }, [{ a: 'x' }, { a: {} }], [{ a: [] }, { a: 1 }]],
    [{ properties: { _id: { bsonType: 'objectId' } } }, [{ _id: new ObjectId() }], [{ _id: 'x' }]],
    [{ properties: { a: { enum: ['x', null] } } }, [{ a: 'x' }, { a: null }, {}], [{ a: 'y' }]],
    [{ properties: { a: { minimum: 1, maximum: 3 } } }, [{ a: 1 }, { a: 3 }, { a: 'x' }], [{ a: 0 }, { a: 4 }]],
    [{ properties: { a: { minimum: 1, exclusiveMinimum: true } } }, [{ a: 1.1 }], [{ a: 1 }]],
    [{ properties: { a: { maximum: 3, exclusiveMaximum: true } } }, [{ a: 2 }], [{ a: 3 }]],
    [{ properties: { a: { multipleOf: 4 } } }, [{ a: 8 }, { a: 'x' }], [{ a: 6 }]],
    [{ properties: { a: { minLength: 2, maxLength: 3 } } }, [{ a: 'añb' }, { a: 1 }], [{ a: 'a' }, { a: 'abcd' }]],
    [{ properties: { a: { pattern: '^x' } } }, [{ a: 'xy' }, { a: 1 }], [{ a: 'yx' }]],
    [{ properties: { a: { items: { bsonType: 'string' } } } }, [{ a: ['x'] }, { a: [] }, { a: 1 }], [{ a: ['x', 1] }]],
    [
      { properties: { a: { items: [{ type: 'string' }], additionalItems: { type: 'number' } } } },
      [{ a: ['x', 1] }, { a: [] }],
      [{ a: [1] }, { a: ['x', 'y'] }],
    ],
    [{ properties: { a: { minItems: 1, maxItems: 2 } } }, [{ a: [1] }], [{ a: [] }, { a: [1, 2, 3] }]],
    [{ properties: { a: { uniqueItems: true } } }, [{ a: [1, 2] }], [{ a: [1, new Double(1)] }]],
    [
      { properties: { a: { minProperties: 1, maxProperties: 1 } } },
      [{ a: { b: 1 } }],
      [{ a: {} }, { a: { b: 1, c: 2 } }],
    ],
    [
      { properties: { _id: {}, a: {} }, patternProperties: { '^n_': { type: 'number' } }, additionalProperties: false },
      [{ a: 1 }, { n_x: 1 }],
      [{ b: 1 }, { n_x: 'x' }],
    ],
    [{ properties: { _id: {} }, additionalProperties: { type: 'string' } }, [{ a: 'x' }], [{ a: 1 }]],
    [{ dependencies: { a: ['b'] } }, [{ a: 1, b: 1 }, { b: 1 }, {}], [{ a: 1 }]],
    [{ dependencies: { a: { required: ['b'] } } }, [{ a: 1, b: 1 }, {}], [{ a: 1 }]],
    [{ allOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ a: 1, b: 1 }], [{ a: 1 }]],
    [{ anyOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ a: 1 }, { b: 1 }], [{ c: 1 }]],
    [{ oneOf: [{ required: ['a'] }, { required: ['b'] }] }, [{ a: 1 }], [{ a: 1, b: 1 }, {}]],
    [{ not: { required: ['a'] } }, [{ b: 1 }], [{ a: 1 }]],
    [
      { properties: { a: { bsonType: 'object', required: ['b'], properties: { b: { bsonType: 'string' } } } } },
      [{ a: { b: 'x' } }],
      [{ a: {} }, { a: { b: 1 } }],
    ],
    [{ title: 'a thing', description: 'of ours' }, [{}], []],
  ],
};

const wrong: [title: string, schema: Document, code: number][] = [
  ['an unknown keyword', { nothing: 1 }, 9],
  ['a keyword that MongoDB leaves out', { format: 'email' }, 9],
  ['type integer', { properties: { a: { type: 'integer' } } }, 9],
  ['type beside bsonType', { type: 'object', bsonType: 'object' }, 9],
  ['required without a name', { required: [] }, 9],
  ['minLength of a string', { minLength: 'x' }, 9],
];

describe('conformance: validation', () => {
  const { db } = server('validation');
  const checked = () => db().collection<Document>('checked');
  beforeEach(() => db().dropCollection('checked'));
  const create = (validator: Document, options: object = {}) =>
    db().createCollection('checked', { validator, ...options });

  for (const [page, list] of Object.entries(schemas)) {
    describe(`manual: ${page}`, () => {
      for (const [schema, good, bad] of list) {
        it(`${JSON.stringify(schema)} as a filter`, async () => {
          const documents = [...good, ...bad];
          if (documents.length) await checked().insertMany(documents.map((document, n) => ({ ...document, n })));
          const found = await checked()
            .find({ $jsonSchema: withN(schema) })
            .sort({ n: 1 })
            .toArray();
          expect(found.map(({ n }) => n)).to.deep.equal(good.map((_, n) => n));
        });
      }
      for (const [title, schema, code] of wrong) {
        it(`${title} is refused`, async () => {
          expect(await codeOf(checked().find({ $jsonSchema: schema }).toArray())).to.equal(code);
        });
      }
    });
  }

  describe('manual: core/schema-validation', () => {
    it('what does not match is refused, and the error names the document', async () => {
      await create({ $jsonSchema: { required: ['name'] } });
      await checked().insertOne({ name: 'x' });
      const error = (await checked()
        .insertOne({ _id: 7 as never })
        .catch((thrown) => thrown)) as MongoServerError;
      expect(error).to.be.instanceOf(MongoServerError);
      expect([error.code, error.message]).to.deep.equal([121, 'Document failed validation']);
      expect(error.errInfo?.failingDocumentId).to.equal(7);
      expect(error.errInfo?.details.operatorName).to.equal('$jsonSchema');
    });
    // What MongoDB answers for each of these schemas and documents.
    const type = (considered: unknown, consideredType: string, bsonType: string) => ({
      operatorName: 'bsonType',
      specifiedAs: { bsonType },
      reason: 'type did not match',
      consideredValue: considered,
      consideredType,
    });
    const property = (propertyName: string, ...details: Document[]) => ({
      operatorName: 'properties',
      propertiesNotSatisfied: [{ propertyName, details }],
    });
    const rules: [schema: Document, document: Document, rules: Document[]][] = [
      [
        { required: ['b', 'a'] },
        { c: 1 },
        [{ operatorName: 'required', specifiedAs: { required: ['b', 'a'] }, missingProperties: ['a', 'b'] }],
      ],
      [
        { properties: { a: { bsonType: 'int', minimum: 1, description: 'one or more' } } },
        { a: 'x' },
        [
          {
            operatorName: 'properties',
            propertiesNotSatisfied: [
              { propertyName: 'a', description: 'one or more', details: [type('x', 'string', 'int')] },
            ],
          },
        ],
      ],
      [
        { properties: { a: { minimum: 1, exclusiveMinimum: true } } },
        { a: 1 },
        [
          property('a', {
            operatorName: 'minimum',
            specifiedAs: { minimum: 1, exclusiveMinimum: true },
            reason: 'comparison failed',
            consideredValue: 1,
          }),
        ],
      ],
      [
        { properties: { a: { uniqueItems: true } } },
        { a: [1, 2, 3, 3, 4, 4] },
        [
          property('a', {
            operatorName: 'uniqueItems',
            specifiedAs: { uniqueItems: true },
            reason: 'found a duplicate item',
            consideredValue: [1, 2, 3, 3, 4, 4],
            duplicatedValue: 3,
          }),
        ],
      ],
      [
        { properties: { a: { items: { bsonType: 'string', description: 'words' } } } },
        { a: ['x', 1] },
        [
          property('a', {
            operatorName: 'items',
            description: 'words',
            reason: 'At least one item did not match the sub-schema',
            itemIndex: 1,
            details: [type(1, 'int', 'string')],
          }),
        ],
      ],
      [
        { properties: { a: { items: [{ bsonType: 'int' }], additionalItems: false } } },
        { a: [1, 'more'] },
        [
          property('a', {
            operatorName: 'additionalItems',
            specifiedAs: { additionalItems: false },
            reason: 'found additional items',
            additionalItems: ['more'],
          }),
        ],
      ],
      [
        {
          properties: { _id: {}, a: { bsonType: 'object', additionalProperties: false } },
          additionalProperties: false,
        },
        { a: { b: 1 }, c: 1 },
        [
          property('a', {
            operatorName: 'additionalProperties',
            specifiedAs: { additionalProperties: false },
            additionalProperties: ['b'],
          }),
          {
            operatorName: 'additionalProperties',
            specifiedAs: { additionalProperties: false },
            additionalProperties: ['c'],
          },
        ],
      ],
      [
        { properties: { _id: {} }, additionalProperties: { bsonType: 'string' } },
        { a: 'x', d: 1 },
        [
          {
            operatorName: 'additionalProperties',
            reason: 'at least one additional property did not match the subschema',
            failingProperty: 'd',
            details: [type(1, 'int', 'string')],
          },
        ],
      ],
      [
        { patternProperties: { '^S': { bsonType: 'int' } } },
        { Super: 1, Slow: '67' },
        [
          {
            operatorName: 'patternProperties',
            details: [{ propertyName: 'Slow', regexMatched: '^S', details: [type('67', 'string', 'int')] }],
          },
        ],
      ],
      [
        { dependencies: { a: ['b', 'c'] } },
        { a: 1, b: 2 },
        [
          {
            operatorName: 'dependencies',
            failingDependencies: [{ conditionalProperty: 'a', missingProperties: ['c'] }],
          },
        ],
      ],
      [
        { minProperties: 10 },
        { a: 1 },
        [
          {
            operatorName: 'minProperties',
            specifiedAs: { minProperties: 10 },
            reason: 'specified number of properties was not satisfied',
            numberOfProperties: 2,
          },
        ],
      ],
      [
        { properties: { a: { anyOf: [{ bsonType: 'string' }, { maximum: 3 }] } } },
        { a: 4 },
        [
          property('a', {
            operatorName: 'anyOf',
            schemasNotSatisfied: [
              { index: 0, details: [type(4, 'int', 'string')] },
              {
                index: 1,
                details: [
                  {
                    operatorName: 'maximum',
                    specifiedAs: { maximum: 3 },
                    reason: 'comparison failed',
                    consideredValue: 4,
                  },
                ],
              },
            ],
          }),
        ],
      ],
      [
        { properties: { a: { oneOf: [{ minimum: 1 }, { maximum: 3 }] } } },
        { a: 2 },
        [
          property('a', {
            operatorName: 'oneOf',
            reason: 'more than one subschema matched',
            matchingSchemaIndexes: [0, 1],
          }),
        ],
      ],
      [{ not: { required: ['a'] } }, { a: 1 }, [{ operatorName: 'not', reason: 'child expression matched' }]],
    ];
    for (const [schema, document, schemaRulesNotSatisfied] of rules)
      it(`the error of ${JSON.stringify(document)} tells what of ${JSON.stringify(schema)} it does not satisfy`, async () => {
        await create({ $jsonSchema: schema });
        const error = await checked()
          .insertOne(document)
          .catch((thrown) => thrown);
        expect(error.errInfo?.details).to.deep.equal({ operatorName: '$jsonSchema', schemaRulesNotSatisfied });
      });
    it('the error of a filter tells its condition, or each of them that is not met', async () => {
      const details = async (validator: Document, document: Document) => {
        await db().dropCollection('checked');
        await create(validator);
        const error = await checked()
          .insertOne(document)
          .catch((thrown) => thrown);
        return error.errInfo?.details;
      };
      expect(await details({ a: { $gt: 5 } }, { a: 1 })).to.deep.equal({
        operatorName: '$gt',
        specifiedAs: { a: { $gt: 5 } },
        reason: 'comparison failed',
        consideredValue: 1,
      });
      expect(await details({ a: { $exists: true }, b: 2 }, { a: 1 })).to.deep.equal({
        operatorName: '$and',
        clausesNotSatisfied: [
          { index: 1, details: { operatorName: '$eq', specifiedAs: { b: 2 }, reason: 'field was missing' } },
        ],
      });
      expect(await details({ $expr: { $eq: ['$a', '$b'] } }, { a: 1 })).to.deep.equal({
        operatorName: '$expr',
        specifiedAs: { $expr: { $eq: ['$a', '$b'] } },
        reason: 'expression did not match',
        expressionResult: false,
      });
    });
    it('a validator may be any filter', async () => {
      await create({ a: { $gt: 1 } });
      expect(await codeOf(checked().insertOne({ a: 1 }))).to.equal(121);
      await checked().insertOne({ a: 2 });
    });
    it('updates, upserts, replacements and findAndModify are checked', async () => {
      await create({ a: { $gt: 1 } });
      await checked().insertOne({ a: 2 });
      expect(await codeOf(checked().updateOne({}, { $set: { a: 1 } }))).to.equal(121);
      expect(await codeOf(checked().replaceOne({}, { a: 0 }))).to.equal(121);
      expect(await codeOf(checked().findOneAndUpdate({}, { $inc: { a: -5 } }))).to.equal(121);
      expect(await codeOf(checked().updateOne({ a: 1 }, { $set: { b: 1 } }, { upsert: true }))).to.equal(121);
      expect(await checked().countDocuments({ a: 2 })).to.equal(1);
    });
    it('an unordered insert keeps what is valid', async () => {
      await create({ a: 1 });
      const error = await checked()
        .insertMany([{ a: 2 }, { a: 1 }], { ordered: false })
        .catch((thrown) => thrown);
      expect(error.writeErrors.map((one: { index: number; code: number }) => [one.index, one.code])).to.deep.equal([
        [0, 121],
      ]);
      expect(await checked().countDocuments()).to.equal(1);
    });
    it('validationLevel moderate lets documents that were invalid stay so', async () => {
      await checked().insertMany([
        { _id: 1 as never, a: 0 },
        { _id: 2 as never, a: 5 },
      ]);
      await db().command({ collMod: 'checked', validator: { a: { $gt: 1 } }, validationLevel: 'moderate' });
      await checked().updateOne({ _id: 1 as never }, { $set: { b: 1 } });
      expect(await codeOf(checked().updateOne({ _id: 2 as never }, { $set: { a: 0 } }))).to.equal(121);
    });
    it('validationAction warn accepts', async () => {
      await create({ a: 1 }, { validationAction: 'warn' });
      expect((await checked().insertOne({ a: 2 })).acknowledged).to.equal(true);
    });
    it('bypassDocumentValidation accepts', async () => {
      await create({ a: 1 });
      expect((await checked().insertOne({ a: 2 }, { bypassDocumentValidation: true })).acknowledged).to.equal(true);
    });
    it('a transaction is checked too', async () => {
      await create({ a: 1 });
      const session = db().client.startSession();
      session.startTransaction();
      expect(await codeOf(checked().insertOne({ a: 2 }, { session }))).to.equal(121);
      await session.abortTransaction();
      await session.endSession();
    });
    it('the validator is shown by listCollections', async () => {
      await create({ a: 1 }, { validationLevel: 'moderate' });
      const [shown] = await db().listCollections({ name: 'checked' }, { nameOnly: false }).toArray();
      expect(shown?.options).to.deep.equal({ validator: { a: 1 }, validationLevel: 'moderate' });
    });
    it('an unknown level is refused', async () => {
      expect(await codeOf(create({ a: 1 }, { validationLevel: 'sometimes' as never }))).to.equal(2);
    });
  });
});

/** The schema with the number by which the test tells its documents apart. */
function withN(schema: Document): Document {
  if (schema.additionalProperties === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, n: {} } };
}
