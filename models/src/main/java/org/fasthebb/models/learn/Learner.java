package org.fasthebb.models.learn;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;

/**
 * What a {@link TrainingLoop} trains: a network, a way to step it, and one to tell how good it is.
 */
public interface Learner {
  /** Everything that a step changes, by name. */
  Map<String, Tensor> tensors();

  /**
   * One step. Runs inside an open scope, and is the same work for every batch of an epoch, so that
   * it can be recorded; see {@link org.fasthebb.engine.Backend#record}.
   *
   * @param epoch from 0
   */
  void step(Batch batch, int epoch);

  /** How good it is on examples that it does not learn from, as {@link #criterion} says. */
  double validate(DataLoader examples);

  /** What {@link #validate} measures where there are examples to validate on. */
  default Criterion criterion() {
    return Criterion.ACCURACY;
  }

  /**
   * What a step gets.
   *
   * @param images a batch (b, h, w, c)
   * @param targets their classes (b, classes), 1 for the class of an image, else 0
   * @param number of the step (1), from 0, counted over all epochs
   * @param lossSum (1), to which the losses of the images before the step are added; a rule without
   *     a loss leaves it
   */
  record Batch(Tensor images, Tensor targets, Tensor number, Tensor lossSum) {}
}
