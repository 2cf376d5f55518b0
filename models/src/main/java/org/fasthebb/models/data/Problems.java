package org.fasthebb.models.data;

/** Receives the problems found in data. Reading stops at the first one; checking collects all. */
@FunctionalInterface
interface Problems {
  /** Throws the first problem; for reading. */
  Problems STOP =
      problem -> {
        throw problem;
      };

  /** Receives a problem. It returns if the work is to go on without the bad part, else throws. */
  void add(DataException problem);
}
