import { getDefaultRegistry } from '@rjsf/core';
import type { FieldProps } from '@rjsf/utils';
import { useMemo } from 'react';

const { OneOfField } = getDefaultRegistry().fields;

/**
 * A choice between forms. Coming from none of them, the form library carries each constant of the chosen form over as
 * "undefined", which it then takes for said; so there is nothing to carry over.
 */
export function ChoiceField(props: FieldProps) {
  const { registry } = props;
  const careful = useMemo(() => {
    const { schemaUtils } = registry;
    const sanitizeDataForNewSchema: typeof schemaUtils.sanitizeDataForNewSchema = (next, last, data) =>
      data === undefined ? undefined : schemaUtils.sanitizeDataForNewSchema(next, last, data);
    return { ...registry, schemaUtils: Object.assign(Object.create(schemaUtils), { sanitizeDataForNewSchema }) };
  }, [registry]);
  return OneOfField && <OneOfField {...props} registry={careful} />;
}
