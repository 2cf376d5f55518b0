package org.fasthebb.models.train;

import java.util.Map;
import org.fasthebb.engine.Tensor;

/** What a {@link TrainingLoop} trains: a network with a classifier, and a way to step it. */
public interface Trainee {
  /** Everything that a step changes, by name. */
  Map<String, Tensor> tensors();

  /**
   * One step. Runs inside an open scope.
   *
   * @param images a batch (b, h, w, c)
   * @param labels their classes
   * @param epoch from 0
   * @param step from 0, counted over all epochs
   * @return the loss before the step; 0 for a rule that has none
   */
  double step(Tensor images, int[] labels, int epoch, long step);

  /** Scores (b, classes) of images; the largest names the class. Runs inside an open scope. */
  Tensor scores(Tensor images);
}
