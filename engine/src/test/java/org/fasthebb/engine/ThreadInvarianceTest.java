package org.fasthebb.engine;

import static org.fasthebb.engine.Contraction.contract;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Results have the same bits for any number of threads. Operands are so large that work is split.
 */
class ThreadInvarianceTest {
  private record Work(Backend backend) {
    Tensor random(int seed, int... shape) {
      Random random = new Random(seed);
      float[] values = new float[Tensors.count(shape)];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return backend.of(values, shape);
    }

    Map<String, Tensor> contractions() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      Tensor a = random(1, 300, 310);
      Tensor b = random(2, 290, 310);
      all.put("product", contract("mk,nk->mn", a, b));
      all.put("transposed product", contract("mk,nk->nm", a, b));
      all.put("gram", contract("mk,ml->kl", a, a));
      Tensor tall = random(10, 9000, 70);
      all.put("tall gram", contract("bn,bm->nm", tall, tall));
      Tensor longA = random(3, 20, 9000);
      Tensor longB = random(4, 9000, 33);
      all.put("k parts", contract("mk,kn->mn", longA, longB));
      all.put(
          "k parts added", Contraction.contractAdd(random(5, 20, 33), "mk,kn->mn", longA, longB));
      all.put("dot", contract("mk,mk->", longA, longA));
      Tensor images = random(6, 5, 20, 20, 7);
      Tensor w = random(7, 40, 175);
      Tensor patches = images.patches(5, 5);
      Tensor y = contract("bs,ns->bn", patches, w);
      all.put("convolution", y);
      all.put("update", contract("bn,bs->ns", y, patches));
      all.put("batches", contract("bmk,bkn->bmn", random(8, 3, 70, 80), random(9, 1, 80, 90)));
      return all;
    }

    Map<String, Tensor> elementwiseAndReductions() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      Tensor x = random(1, 700, 130);
      Tensor row = random(2, 130);
      all.put("exp", x.exp());
      all.put("zip", x.times(row).plus(x).div(row.square().plus(1)));
      all.put("in place", x.copy().addAssign(row).timesAssign(x));
      all.put("transposed", x.permute(1, 0).plus(x.permute(1, 0)));
      all.put("total", x.sum());
      all.put("columns", x.sum(0));
      all.put("rows", x.sum(1));
      all.put("squares", x.sumOfSquares(0));
      Tensor tall = random(3, 30_000, 3);
      all.put("tall columns", tall.sum(0));
      all.put("tall rows", tall.sumOfSquares(1));
      all.put("patch norms", random(4, 4, 30, 30, 3).patches(5, 5).sumOfSquares(1));
      all.put("max", x.max(1));
      all.put("softmax", random(5, 3000, 17).softmax(3));
      return all;
    }

    Map<String, Tensor> trainingKernels() {
      Map<String, Tensor> all = new LinkedHashMap<>();
      Tensor x = random(1, 9000, 13);
      Tensor mean = backend.zeros(13);
      Tensor variance = backend.zeros(13);
      backend.device().moments(x, mean, variance);
      all.put("mean", mean);
      all.put("variance", variance);
      Tensor out = backend.zeros(9000, 13);
      backend.device().affine(x, mean, variance, out);
      all.put("affine", out);
      Tensor dropped = backend.zeros(9000, 13);
      backend.device().dropout(x, 0.3f, 5, backend.zeros(1), dropped);
      all.put("dropout", dropped);
      Tensor w = random(2, 9000, 13);
      Tensor velocity = random(3, 9000, 13);
      backend.device().descend(List.of(w), List.of(x), List.of(velocity), 0.1f, 0.9f, 0.01f);
      all.put("descend", w);
      all.put("velocity", velocity);
      Tensor deflated = backend.zeros(100, 500);
      Tensor y = random(5, 70, 100).times(0.1f);
      backend.device().deflate(y, random(6, 70, 500), random(7, 100, 500), 24, 1, deflated);
      all.put("deflated", deflated);
      Tensor images = random(4, 6, 20, 22, 8);
      Tensor winners = backend.zeros(6, 10, 11, 8);
      Tensor pooled = backend.zeros(6, 10, 11, 8);
      backend.device().maxPool(images, 2, pooled, winners);
      all.put("winners", winners);
      all.put("pooled", pooled);
      Tensor dx = backend.zeros(6, 20, 22, 8);
      backend.device().maxPoolBackward(pooled, winners, 2, dx);
      all.put("unpooled", dx);
      return all;
    }

    Map<String, Tensor> training() {
      Tape tape = new Tape();
      Variable image = tape.parameter(random(1, 6, 14, 14, 3));
      Variable w1 = tape.parameter(random(2, 8, 75));
      Variable w2 = tape.parameter(random(3, 10, 200));
      BatchNorm norm = new BatchNorm(backend, 8, true);
      Variable y = tape.relu(tape.convolve(image, tape.normalizeRows(w1), 5, 5));
      Variable gamma = tape.parameter(norm.gamma());
      y = tape.batchNorm(tape.maxPool(y, 2), norm, gamma, tape.parameter(norm.beta()));
      Variable scores = tape.convolve(tape.dropout(y, 0.2f, 7, backend.zeros(1)), w2, 5, 5);
      Tensor targets = backend.oneHot(new int[] {1, 9, 0, 3, 3, 5}, 10);
      Variable loss = tape.crossEntropy(tape.reshape(scores, 6, 10), targets);
      tape.backward(loss);
      Map<String, Tensor> all = new LinkedHashMap<>();
      all.put("loss", loss.value());
      all.put("image gradient", image.gradient());
      all.put("first gradient", w1.gradient());
      all.put("second gradient", w2.gradient());
      all.put("gamma gradient", gamma.gradient());
      all.put("running variance", norm.runningVariance());
      return all;
    }
  }

  private static void check(java.util.function.Function<Work, Map<String, Tensor>> work) {
    Map<String, Tensor> expected = work.apply(new Work(Tensors.ONE));
    for (int threads : new int[] {2, 3, 5}) {
      try (Backend backend = Backend.cpu(threads)) {
        assertEquals(threads, backend.threads());
        Map<String, Tensor> actual = work.apply(new Work(backend));
        expected.forEach((name, one) ->
            assertArrayEquals(
                one.toArray(), actual.get(name).toArray(), name + ", threads: " + threads));
      }
    }
  }

  @Test
  void contractions() {
    check(Work::contractions);
  }

  @Test
  void elementwiseAndReductions() {
    check(Work::elementwiseAndReductions);
  }

  @Test
  void trainingKernels() {
    check(Work::trainingKernels);
  }

  @Test
  void training() {
    check(Work::training);
  }
}
