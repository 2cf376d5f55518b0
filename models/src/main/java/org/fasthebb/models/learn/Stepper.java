package org.fasthebb.models.learn;

import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Steps a {@link Learner} batch by batch. Full batches are always written to the same tensors, so
 * the backend records the step once and then replays it.
 */
public final class Stepper implements AutoCloseable {
  private final Backend backend;
  private final Learner learner;
  private final Learner.Batch full;
  private Recording recording;
  private int epoch;

  /**
   * A stepper for batches of {@code shape} (b, h, w, c). Batches of another size work too, but are
   * not replayed.
   *
   * @param classes number of classes, which is the width of the targets
   */
  public Stepper(Backend backend, Learner learner, int classes, int... shape) {
    this.backend = backend;
    this.learner = learner;
    full =
        new Learner.Batch(
            backend.zeros(shape),
            backend.zeros(shape[0], classes),
            backend.zeros(1),
            backend.zeros(1));
    startEpoch(0);
  }

  /** Starts an epoch, counted from 0; it is recorded anew. */
  public void startEpoch(int number) {
    close();
    epoch = number;
    recording = backend.record(() -> learner.step(full, epoch));
  }

  /**
   * Takes one step.
   *
   * @param labels of the images
   * @param images writes the images into its argument, a tensor (labels.length, h, w, c)
   * @param number of the step, from 0, counted over all epochs
   */
  public void step(int[] labels, Consumer<Tensor> images, long number) {
    full.number().fill((float) number);
    try (Scope _ = backend.scope()) {
      Tensor targets = backend.oneHot(labels, full.targets().size(1));
      if (labels.length == full.images().size(0)) {
        images.accept(full.images());
        full.targets().assign(targets);
        recording.run();
      } else {
        int[] shape = full.images().shape();
        shape[0] = labels.length;
        Tensor others = backend.empty(shape);
        images.accept(others);
        learner.step(new Learner.Batch(others, targets, full.number(), full.lossSum()), epoch);
      }
    }
  }

  /** The sum of the losses since {@link #setLossSum}. */
  public double lossSum() {
    return full.lossSum().item();
  }

  /** Sets the sum of the losses. */
  public void setLossSum(double sum) {
    full.lossSum().fill((float) sum);
  }

  /** Frees the memory of the recorded step; {@link #startEpoch} allocates it again. */
  @Override
  public void close() {
    if (recording != null) {
      recording.close();
    }
  }
}
