package org.fasthebb.models.data;

/** What becomes of a fault in the data: reading stops at the first, checking goes on for more. */
@FunctionalInterface
interface Problems {
  /** For reading: throws the first problem. */
  Problems STOP =
      problem -> {
        throw problem;
      };

  /** Takes a problem; returns only if the work is to go on without what is bad. */
  void add(DataException problem);
}
