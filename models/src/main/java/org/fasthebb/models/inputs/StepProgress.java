package org.fasthebb.models.inputs;

/** Receives the progress of a long piece of work. */
@FunctionalInterface
public interface StepProgress {
  /**
   * Called after each batch.
   *
   * @param phase such as pretrain
   * @param epoch from 1
   * @param epochs in this phase
   * @param done images seen so far in this phase
   * @param total images this phase will see
   */
  void step(String phase, int epoch, int epochs, long done, long total);
}
