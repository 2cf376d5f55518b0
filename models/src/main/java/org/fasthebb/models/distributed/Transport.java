package org.fasthebb.models.distributed;

/** A worker's connection to the other workers of a run, which are numbered from 0. */
public interface Transport extends AutoCloseable {
  /** The number of this worker. */
  int rank();

  /** The number of workers. */
  int workers();

  /**
   * Sends an array to each worker, and receives one from each. All workers call this equally often,
   * and wait here for each other.
   *
   * @param out for each worker; that of this worker itself is ignored; not changed until this
   *     returns
   * @param lengths of the arrays that the workers send to this one
   * @return what each worker sent; null for this worker itself
   * @throws LostWorkerException in one sentence, if a worker is lost, late, or sends something else
   */
  float[][] exchange(float[][] out, int[] lengths);

  /** Nanoseconds of all exchanges until each of the other workers had begun to send. */
  long nanosWaiting();

  /** Leaves the run; workers that still wait for this one are told that it is lost. */
  @Override
  void close();
}
