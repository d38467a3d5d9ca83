import { readNamedDirectory } from '../host/files.ts';
import type { StageMetadata } from './saved/metadata.ts';
import { metadataIn } from './saved/saved-stage.ts';

/** What a saved stage says of itself, without what it has learned. Throws `UsageError` (`not-found`), and `StateError` as `loadStage`. */
export function savedMetadata(directory: string): Promise<StageMetadata> {
  return readNamedDirectory(directory, 'saved model', metadataIn);
}
