package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tensor;
import org.fasthebb.hebb.SoftHebb;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares SoftHebb's network with loops in float64. */
class SoftHebbNetworkTest {
  private static final Backend CPU = Backend.cpu(2);

  private static List<SoftHebbReference.Block> blocks(int first, int second) {
    return List.of(
        new SoftHebbReference.Block(first, 5, 1, 0.08f, 0.7f, true),
        new SoftHebbReference.Block(second, 3, 0.25f, 0.01f, 1, false));
  }

  private static Neurons neurons() {
    return new Neurons(
        layer -> new SoftHebb(layer.sharpness()), false, true, true, Neurons.Start.NORMAL);
  }

  private static Network network(Backend backend, int side, List<SoftHebbReference.Block> blocks) {
    return new Network(backend, SoftHebbReference.architecture(side, blocks), neurons(), 4);
  }

  private static Tensor learn(Network network, Tensor x) {
    return network.learn(x, 1, Sequence.Observer.NONE);
  }

  private static Tensor images(Backend backend, long key, int... shape) {
    Tensor images = backend.zeros(shape);
    float[] values = new float[images.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Rng.uniform(key, i);
    }
    images.write(values);
    return images;
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  @ParameterizedTest
  @CsvSource({"8, 6, 10", "11, 7, 5", "6, 17, 3"})
  void learnsAndRespondsAsTheLoopsDo(int side, int first, int second) {
    List<SoftHebbReference.Block> blocks = blocks(first, second);
    Network network = network(CPU, side, blocks);
    SoftHebbReference reference = new SoftHebbReference(network, blocks);
    for (int step = 0; step < 3; step++) {
      Tensor x = images(CPU, step, 3, side, side, 3);
      Tensor features = learn(network, x);
      assertClose(reference.run(SoftHebbReference.maps(x), true), features);
    }
    for (int i = 0; i < 2; i++) {
      Tensor w = network.tensors().get("conv" + (i + 1) + ".weight");
      assertClose(reference.weights[i], w);
      assertClose(reference.means[i], network.tensors().get("bn" + (i + 1) + ".running_mean"));
      assertClose(reference.variances[i], network.tensors().get("bn" + (i + 1) + ".running_var"));
    }
    Tensor x = images(CPU, 9, 2, side, side, 3);
    Tensor features = network.features(x);
    assertArrayEquals(new int[] {2, network.featureCount()}, features.shape());
    assertClose(reference.run(SoftHebbReference.maps(x), false), features);
  }

  @Test
  void symmetricMapsAreMeansOverMirrorImages() {
    int side = 9;
    Network network = network(CPU, side, blocks(6, 10));
    Tensor x = images(CPU, 9, 2, side, side, 3);
    float[] from = x.toArray();
    float[] to = new float[from.length];
    for (int i = 0; i < from.length; i++) {
      int column = i / 3 % side;
      to[i] = from[i + 3 * (side - 1 - 2 * column)];
    }
    Tensor mirrored = CPU.of(to, 2, side, side, 3);
    Tensor sum = network.features(x).plus(network.features(mirrored));
    float[] features = network.symmetricMaps(x).toArray();
    assertArrayEquals(sum.times(0.5f).toArray(), features);
    assertArrayEquals(features, network.symmetricMaps(mirrored).toArray());
    assertFalse(Arrays.equals(features, network.features(x).toArray()));
  }

  private static void assertClose(double[][][][] expected, Tensor actual) {
    assertClose(
        Stream.of(expected)
            .flatMap(Stream::of)
            .flatMap(Stream::of)
            .flatMapToDouble(Arrays::stream)
            .toArray(),
        actual);
  }

  private static void assertClose(double[] expected, Tensor actual) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    float[] values = actual.toArray();
    assertEquals(expected.length, values.length);
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected[i], values[i], 2e-5 * largest, "element " + i);
    }
  }

  @Test
  void theAuthorsNetwork() {
    Network network = new Network(CPU, Architecture.softHebb(), neurons(), 0);
    assertEquals(24_576, network.featureCount());
    assertArrayEquals(new int[] {1536, 3, 3, 384}, network.tensors().get("conv3.weight").shape());
    Tensor w = network.tensors().get("conv2.weight").reshape(384, 9 * 96);
    assertEquals(25, w.sumOfSquares(1).sqrt().sum().item() / 384, 0.2);
  }

  @Test
  void anyNumberOfThreadsLearnsTheSame() {
    float[][] learned = new float[2][];
    for (int threads : new int[] {1, 3}) {
      try (Backend backend = Backend.cpu(threads)) {
        Network network = network(backend, 16, blocks(40, 70));
        learn(network, images(backend, 1, 10, 16, 16, 3));
        learned[threads / 2] = network.features(images(backend, 2, 5, 16, 16, 3)).toArray();
      }
    }
    assertArrayEquals(learned[0], learned[1]);
  }

  /** The trace, which is for backprop, computes the same features as evaluation. */
  @Test
  void theTraceGivesTheFeatures() {
    Network network = network(CPU, 9, blocks(6, 10));
    Tensor x = images(CPU, 9, 2, 9, 9, 3);
    learn(network, x);
    float[] features = network.features(x).toArray();
    assertArrayEquals(features, network.trace(Trace.evaluation(), x).value().toArray(), 1e-4f);
    assertTrue(features[0] != features[1]);
  }
}
