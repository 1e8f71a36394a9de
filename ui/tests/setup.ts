import { configure } from '@testing-library/svelte';

// How long a test waits for what has to come; on a busy machine a second is not enough.
configure({ asyncUtilTimeout: 10_000 });
