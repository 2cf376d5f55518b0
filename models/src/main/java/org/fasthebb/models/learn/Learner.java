package org.fasthebb.models.learn;

import java.util.Map;
import org.fasthebb.engine.Tensor;
import org.fasthebb.models.inputs.DataLoader;

/** What a {@link TrainingLoop} trains: a network, how to step it, and how to validate it. */
public interface Learner {
  /** Everything that a step changes, by name. */
  Map<String, Tensor> tensors();

  /** Those of the {@link #tensors} that are its result, which a loop keeps of the best epoch. */
  default Map<String, Tensor> model() {
    return tensors();
  }

  /**
   * Takes one step. It runs inside an open scope and must do the same operations for every batch of
   * an epoch, because the loop records and replays them; see {@link
   * org.fasthebb.engine.Backend#record}.
   *
   * @param epoch from 0
   */
  void step(Batch batch, int epoch);

  /** The learning rate of an epoch, from 0. */
  float rate(int epoch);

  /** Measures {@link #criterion} on examples that are not trained on. */
  double validate(DataLoader examples);

  /** What {@link #validate} measures. */
  default Criterion criterion() {
    return Criterion.ACCURACY;
  }

  /**
   * The input of a step.
   *
   * @param images a batch (b, h, w, c)
   * @param targets their classes (b, classes), 1 for the class of an image, else 0
   * @param number of the step (1), from 0, counted over all epochs
   * @param lossSum (1), to which the step adds the loss of its images, by the weights before the
   *     step; a rule without a loss adds nothing
   */
  record Batch(Tensor images, Tensor targets, Tensor number, Tensor lossSum) {}
}
