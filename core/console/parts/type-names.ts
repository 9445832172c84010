import { useIntegrationTypes } from '../api/queries.ts';

/** What people call a type of account: the name of its plugin, else the type itself. */
export function useTypeNames(): (type: string) => string {
  const { data } = useIntegrationTypes({});
  return (type) => data?.types.find((one) => one.type === type)?.name ?? type.replaceAll('_', ' ');
}
