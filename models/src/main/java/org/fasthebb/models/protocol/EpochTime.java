package org.fasthebb.models.protocol;

import java.util.Arrays;
import org.fasthebb.engine.Backend;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.Batches;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Progress;
import org.fasthebb.models.learn.Stepper;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.random.Rng;

/**
 * Measures how long an epoch of pre-training takes: as in a run, images are shuffled, prepared and
 * learned, but nothing is validated or saved.
 *
 * @param seconds of an epoch
 * @param steps number of steps that were timed
 * @param stepsOfEpoch number of steps in an epoch; if fewer were timed, the seconds are scaled up
 */
public record EpochTime(double seconds, int steps, int stepsOfEpoch) {
  /**
   * Steps before the clock starts, for compiling code, allocating memory and recording on a GPU.
   */
  private static final int WARM_UP = 4;

  /**
   * Times the method in {@code settings}.
   *
   * @param most the most steps to time, at least 1
   */
  public static EpochTime measure(Backend backend, DataSet data, Settings settings, int most) {
    Examples training = new Examples(data.train(), settings.split(data.train().size()).train());
    PretrainSettings how = settings.pretrain();
    Preprocessing inputs = inputs(backend, training, how, most);
    Network network = how.network(backend, data.train().height(), settings.seed());
    int classes = data.train().classes();
    Learner learner = Pretraining.of(how, network, classes, settings.seed()).learner();
    // A GPU keeps its inputs, as it does in training: else this would time the host.
    DataLoader batches =
        backend.isRemote() ? DataLoader.kept(inputs, training) : DataLoader.once(inputs, training);
    batches.shuffle(new Rng(settings.seed()));
    int batch = Math.min(how.batch(), batches.size());
    int whole = batches.size() / batch;
    int steps = Math.min(most, whole);
    try (Stepper stepper =
        new Stepper(backend, learner, classes, inputs.shape(data.train(), batch))) {
      steps(batches, stepper, batch, Math.min(WARM_UP, steps));
      backend.await();
      long start = System.nanoTime();
      steps(batches, stepper, batch, steps);
      backend.await();
      double perStep = (System.nanoTime() - start) * 1e-9 / steps;
      return new EpochTime(perStep * batches.size() / batch, steps, whole);
    }
  }

  /**
   * Preprocessing fitted to as many images as are timed. Fitting to all of a large data set would
   * take hours, and would not change how long a step takes.
   */
  private static Preprocessing inputs(
      Backend backend, Examples training, PretrainSettings how, int most) {
    long timed = Math.min(training.size(), (long) most * how.batch());
    Examples some = new Examples(training.set(), Arrays.copyOf(training.indices(), (int) timed));
    return how.method().prepare(backend, some, how.zcaEpsilon(), Progress.SILENT);
  }

  private static void steps(DataLoader images, Stepper stepper, int batch, int steps) {
    try (Batches batches = images.batches(0, batch, 1)) {
      for (int step = 0; step < steps && batches.next(); step++) {
        stepper.step(batches.labels(), batches::into, step);
      }
    }
  }
}
