package org.fasthebb.models.inputs;

/** Is told how far a long piece of work is. */
@FunctionalInterface
public interface StepProgress {
  /**
   * A batch is done.
   *
   * @param phase such as pretrain
   * @param epoch from 1
   * @param done images seen in this phase
   * @param total images this phase will see
   */
  void step(String phase, int epoch, int epochs, long done, long total);
}
