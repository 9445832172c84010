import { useIntegrationTypes } from '../api/queries.ts';

/** What people call a type of account: the name of its plugin, else the type itself. While names are on their way, none. */
export function useTypeNames(): (type: string) => string {
  const { data, isPending } = useIntegrationTypes({});
  return (type) =>
    isPending ? '…' : (data?.types.find((one) => one.type === type)?.name ?? type.replaceAll('_', ' '));
}
