import fc from 'fast-check';

// One seed for every property, so that a run of the tests is the same run everywhere.
fc.configureGlobal({ seed: 20260101 });
