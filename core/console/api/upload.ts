import { currentLanguage } from '../language/current-language.ts';
import { ApiError } from './api-error.ts';
import { shownWorkspace } from './chosen-workspace.ts';
import { csrfToken } from './request.ts';

/**
 * Sends a file's bytes and tells how far it is; `fetch` cannot tell that.
 *
 * @param path below `/api/v1`
 * @param onProgress share that was sent, 0 to 1
 * @throws ApiError as `request` does
 */
export function upload<Content>(path: string, file: Blob, onProgress: (share: number) => void): Promise<Content> {
  return new Promise((resolve, reject) => {
    const ask = new XMLHttpRequest();
    ask.open('POST', `/api/v1${path}`);
    ask.responseType = 'json';
    ask.setRequestHeader('accept', 'application/json');
    ask.setRequestHeader('accept-language', currentLanguage());
    ask.setRequestHeader('content-type', 'application/gzip');
    ask.setRequestHeader('x-csrf-token', csrfToken());
    const workspace_id = shownWorkspace();
    if (workspace_id !== null) ask.setRequestHeader('x-workspace-id', workspace_id);
    ask.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    const request_id = () => ask.getResponseHeader('x-request-id');
    ask.onload = () => {
      const envelope = ask.response as { code: string; msg: string; content: Record<string, unknown> } | null;
      if (!envelope) reject(new ApiError({ code: 'offline', status: ask.status, msg: '', request_id: request_id() }));
      else if (ask.status >= 400) reject(new ApiError({ ...envelope, status: ask.status, request_id: request_id() }));
      else resolve(envelope.content as Content);
    };
    ask.onerror = () => reject(new ApiError({ code: 'offline', status: 0, msg: '' }));
    ask.send(file);
  });
}
