package org.fasthebb.models.protocol;

import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.models.data.DataSet;
import org.fasthebb.models.inputs.DataLoader;
import org.fasthebb.models.inputs.Examples;
import org.fasthebb.models.inputs.Preprocessing;
import org.fasthebb.models.learn.Learner;
import org.fasthebb.models.learn.Stepper;
import org.fasthebb.models.network.Network;
import org.fasthebb.models.random.Rng;

/**
 * How long an epoch of pre-training takes: batches in random order, prepared and learnt from, as in
 * a run, without validation and saving.
 *
 * @param seconds of an epoch
 * @param steps that were timed
 * @param stepsOfEpoch of an epoch; where fewer were timed, the seconds are scaled up
 */
public record EpochTime(double seconds, int steps, int stepsOfEpoch) {
  /** Steps before the clock starts: code is compiled, memory allocated, a GPU's graph recorded. */
  private static final int WARM_UP = 4;

  /**
   * Times the method that {@code settings} name.
   *
   * @param most steps to time, at least 1
   */
  public static EpochTime measure(Backend backend, DataSet data, Settings settings, int most) {
    Examples training = new Examples(data.train(), settings.split(data.train().size()).train());
    PretrainSettings how = settings.pretrain();
    Preprocessing inputs = how.method().prepare(backend, training, how.zcaEpsilon());
    Network network = how.network(backend, data.train().height(), settings.seed());
    int classes = data.train().classes();
    Learner learner = Pretraining.of(how, network, classes, settings.seed()).learner();
    DataLoader batches = DataLoader.once(inputs, training);
    batches.shuffle(new Rng(settings.seed()));
    int batch = Math.min(how.batch(), batches.size());
    int whole = batches.size() / batch;
    int steps = Math.min(most, whole);
    try (Stepper stepper =
        new Stepper(backend, learner, classes, inputs.shape(data.train(), batch))) {
      long start = 0;
      for (int step = -Math.min(WARM_UP, steps); step < steps; step++) {
        if (step == 0) {
          backend.await();
          start = System.nanoTime();
        }
        int from = Math.floorMod(step, whole) * batch;
        try (Scope _ = backend.scope()) {
          stepper.step(
              batches.images(from, from + batch), batches.labels(from, from + batch), step);
        }
      }
      backend.await();
      double perStep = (System.nanoTime() - start) * 1e-9 / steps;
      return new EpochTime(perStep * batches.size() / batch, steps, whole);
    }
  }
}
