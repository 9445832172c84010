import { useMutation, useQueryClient } from '@tanstack/react-query';
import { pageLeft } from '../navigation/navigate.ts';

/** Something that changes the host. When it is done, all that is shown is asked for anew. */
export function useChange<Input = void, Content = unknown>(ask: (input: Input) => Promise<Content>) {
  const client = useQueryClient();
  return useMutation<Content, Error, Input>({
    mutationFn: ask,
    onSuccess: async () => {
      await pageLeft();
      await client.invalidateQueries();
    },
  });
}
