package org.fasthebb.models.learn;

import java.util.function.Consumer;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Recording;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tensor;

/**
 * Steps a {@link Learner} batch by batch. Full batches lie in the same tensors every time, so that
 * the backend can record the step once and replay it.
 */
public final class Stepper implements AutoCloseable {
  private final Backend backend;
  private final Learner trainee;
  private final Learner.Batch full;
  private Recording recording;
  private int epoch;

  /**
   * For batches of {@code shape} (b, h, w, c), and smaller or larger ones now and then.
   *
   * @param classes of the targets
   */
  public Stepper(Backend backend, Learner trainee, int classes, int... shape) {
    this.backend = backend;
    this.trainee = trainee;
    full =
        new Learner.Batch(
            backend.zeros(shape),
            backend.zeros(shape[0], classes),
            backend.zeros(1),
            backend.zeros(1));
    startEpoch(0);
  }

  /** Says which epoch the next steps belong to. */
  public void startEpoch(int number) {
    close();
    epoch = number;
    recording = backend.record(() -> trainee.step(full, epoch));
  }

  /**
   * One step.
   *
   * @param labels of the images
   * @param images writes the images into the tensor (labels.length, h, w, c) that it is given
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
        trainee.step(new Learner.Batch(others, targets, full.number(), full.lossSum()), epoch);
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

  /** Gives back the memory of the step; {@link #startEpoch} takes it again. */
  @Override
  public void close() {
    if (recording != null) {
      recording.close();
    }
  }
}
