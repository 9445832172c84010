import { useMutation, useQueryClient } from '@tanstack/react-query';
import { chooseWorkspace } from '../api/chosen-workspace.ts';
import { request } from '../api/request.ts';
import { navigate } from '../navigation/navigate.ts';

/** Goes over to another of the reader's workspaces: all that was shown is asked for anew there. */
export function useSwitchWorkspace() {
  const client = useQueryClient();
  return useMutation<void, Error, string>({
    mutationFn: async (id) => {
      // Whether one may be there from this address is known before one is.
      await request('GET', '/auth/me', { workspace_id: id });
      chooseWorkspace(id);
      navigate('/marketplace');
      await client.resetQueries();
    },
  });
}
