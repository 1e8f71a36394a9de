import type { Component } from 'svelte';

/** A line of a menu. */
export type MenuItem =
  | 'separator'
  | {
      label: string;
      onselect: () => void;
      icon?: Component;
      isDanger?: boolean;
      /** Set on each of a group of which one is in force. */
      isChecked?: boolean;
    };
