import { Component, type ReactNode } from 'react';
import { ErrorPanel } from './error-panel.tsx';

/**
 * What is shown instead of a page that cannot be drawn: its code did not come (the host was replaced by a newer one
 * meanwhile, or is away), or it fell over what it was given. The menu around it goes on working.
 */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error ? <ErrorPanel error={error} retry={() => location.reload()} /> : this.props.children;
  }
}
