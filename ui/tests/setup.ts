import { configure } from '@testing-library/svelte';
import { beforeEach } from 'vitest';

// How long a test waits for what has to come; on a busy machine a second is not enough.
configure({ asyncUtilTimeout: 10_000 });

// Each test begins at no address.
beforeEach(() => history.replaceState(null, '', location.pathname));
