import { PackagePage } from './authors/package.tsx';
import { PublisherPage } from './authors/publisher.tsx';

/** `@acme` is a publisher, `@acme/issues` a package of it: both are addresses of authors. */
export default function Author({ places }: { places: Record<string, string> }) {
  const name = places.name ?? '';
  return name.includes('/') ? <PackagePage name={name} /> : <PublisherPage name={name} />;
}
