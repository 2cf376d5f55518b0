package org.fasthebb.engine;

import static org.fasthebb.engine.Tensors.CPU;
import static org.fasthebb.engine.Tensors.assertClose;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares batch norm of a batch in two shards, each on a thread of its own, with that of the whole
 * batch.
 */
class ShardedBatchNormTest {
  private static final int N = 7;

  /** The results of a batch, or of a shard, after two steps. */
  private record Result(float[] y, float[] dx, float[] dGamma, float[] mean, float[] variance) {}

  private static Result train(Tensor[] steps, boolean modified, Reducer reducer) {
    Backend backend = steps[0].backend();
    BatchNorm norm = new BatchNorm(backend, N, modified);
    norm.gamma().write(Tensors.random(8, N).plus(1.5f).toArray());
    Result result = null;
    for (Tensor x : steps) {
      Tape tape = new Tape();
      Variable in = tape.parameter(x);
      Variable gamma = tape.parameter(norm.gamma());
      Variable y = tape.batchNorm(in, norm, gamma, tape.constant(norm.beta()), reducer);
      tape.backward(tape.sum(tape.relu(y)));
      result =
          new Result(
              y.value().toArray(),
              in.gradient().toArray(),
              gamma.gradient().toArray(),
              norm.runningMean().toArray(),
              norm.runningVariance().toArray());
    }
    return result;
  }

  private static Callable<Result> shard(
      Tensor[] steps, int from, int to, boolean modified, Exchanger<float[]> exchanger) {
    return () -> {
      try (Backend backend = Backend.cpu(1)) {
        Tensor[] mine = new Tensor[steps.length];
        for (int i = 0; i < steps.length; i++) {
          Tensor rows = steps[i].slice(0, from, to);
          mine[i] = backend.of(rows.toArray(), rows.shape());
        }
        return train(mine, modified, sums -> addOther(sums, exchanger));
      }
    };
  }

  private static void addOther(Tensor[] sums, Exchanger<float[]> exchanger) {
    for (Tensor sum : sums) {
      try {
        float[] other = exchanger.exchange(sum.toArray(), 30, TimeUnit.SECONDS);
        sum.addAssign(sum.backend().of(other, sum.shape()));
      } catch (InterruptedException | TimeoutException e) {
        throw new IllegalStateException("the other shard does not answer", e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void twoShardsComeToWhatTheWholeBatchDoes(boolean modified)
      throws InterruptedException, ExecutionException {
    Tensor[] steps = {BatchNormTest.batch(1, 11, 4, N), BatchNormTest.batch(2, 11, 4, N)};
    Result whole = train(steps, modified, Reducer.IDENTITY);
    Exchanger<float[]> exchanger = new Exchanger<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Result>> shards =
          threads.invokeAll(
              List.of(
                  shard(steps, 0, 3, modified, exchanger),
                  shard(steps, 3, 11, modified, exchanger)));
      Result a = shards.get(0).get();
      Result b = shards.get(1).get();
      assertClose("y", doubles(whole.y), joined(a.y, b.y), 1e-5, 1e-5);
      assertClose("dx", doubles(whole.dx), joined(a.dx, b.dx), 1e-5, 1e-5);
      Tensor dGamma = CPU.of(a.dGamma, N).plus(CPU.of(b.dGamma, N));
      assertClose("gradient of gamma", doubles(whole.dGamma), dGamma, 1e-4, 1e-5);
      assertArrayEquals(a.mean, b.mean);
      assertArrayEquals(a.variance, b.variance);
      assertClose("mean", doubles(whole.mean), CPU.of(a.mean, N), 1e-6, 1e-6);
      assertClose("variance", doubles(whole.variance), CPU.of(a.variance, N), 1e-6, 1e-6);
    }
  }

  private static Tensor joined(float[] a, float[] b) {
    float[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return CPU.of(all, all.length);
  }

  private static double[] doubles(float[] values) {
    return Tensors.doubles(CPU.of(values, values.length));
  }

  @Test
  void aMeanFarFromZeroLosesNoPrecisionOnceTheRunningMeanIsNearIt()
      throws InterruptedException, ExecutionException {
    Tensor[] steps = new Tensor[80]; // 0.9^80 of the distance is left
    for (int i = 0; i < steps.length; i++) {
      steps[i] = BatchNormTest.batch(i, 12, N).plus(1000);
    }
    double[] expected = doubles(train(steps, false, Reducer.IDENTITY).y);
    Exchanger<float[]> exchanger = new Exchanger<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Result>> shards =
          threads.invokeAll(
              List.of(shard(steps, 0, 5, false, exchanger), shard(steps, 5, 12, false, exchanger)));
      Tensor y = joined(shards.get(0).get().y, shards.get(1).get().y);
      assertClose("y", expected, y, 2e-3, 0); // the inputs themselves have steps of 6e-5
    }
  }

  @Test
  void anEmptyShardIsRefused() {
    BatchNorm norm = new BatchNorm(CPU, N, false);
    assertThrows(IllegalArgumentException.class, () -> norm.train(CPU.zeros(0, N), _ -> {}));
  }
}
