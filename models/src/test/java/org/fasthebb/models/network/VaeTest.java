package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Scope;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.hebb.Hpca;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An auto-encoder whose encoder has a few neurons. */
class VaeTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final int LATENTS = 5;
  private static final Architecture TINY =
      new Architecture(
          "tiny",
          10,
          "out",
          List.of(
              new Layer.Neural("conv1", 4, 3),
              new Layer.Rectified("relu1"),
              new Layer.MaxPooled("pool1", 2),
              new Layer.Normalised("bn1", false),
              new Layer.Neural("conv2", 5, 2),
              new Layer.Rectified("relu2"),
              new Layer.Normalised("bn2", true),
              new Layer.Neural("fc3", 7, Layer.WHOLE),
              new Layer.Rectified("relu3"),
              new Layer.Normalised("bn3", true)));

  private final Vae vae = vae(LATENTS);
  private final Tensor images = random(1, 6, 10, 10, 3);
  private final Tensor noise = random(2, 6, LATENTS);

  private static Vae vae(int latents) {
    return new Vae(new Network(CPU, TINY, Neurons.backprop(), 1), latents, 1);
  }

  @AfterAll
  static void close() {
    CPU.close();
  }

  private static Tensor random(long seed, int... shape) {
    Tensor tensor = CPU.zeros(shape);
    float[] values = new float[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * Rng.uniform(seed, i) - 1;
    }
    tensor.write(values);
    return tensor;
  }

  @Test
  void reconstructionsAreImages() {
    assertArrayEquals(images.shape(), vae.evaluate(images, noise).reconstruction().value().shape());
    Vae.Pass pass = vae.trace(Trace.training(new Tape()), images, noise);
    assertArrayEquals(images.shape(), pass.reconstruction().value().shape());
    assertArrayEquals(noise.shape(), pass.latents().value().shape());
  }

  @Test
  void stagesMirrorTheEncoder() {
    Map<String, Tensor> named = vae.tensors();
    assertArrayEquals(new int[] {7, LATENTS}, named.get("dec_fc0.weight").shape());
    assertArrayEquals(new int[] {45, 7}, named.get("dec_fc1.weight").shape());
    assertArrayEquals(new int[] {5, 2, 2, 4}, named.get("dec_conv2.weight").shape());
    assertArrayEquals(new int[] {4, 3, 3, 3}, named.get("dec_conv3.weight").shape());
    assertArrayEquals(new int[] {3}, named.get("dec_bn3.running_var").shape());
  }

  @Test
  void latentsAreDrawnByTheNoise() {
    Vae.Pass pass = vae.evaluate(images, noise);
    float[] mu = pass.mu().value().toArray();
    float[] logVariance = pass.logVariance().value().toArray();
    float[] eps = noise.toArray();
    float[] z = pass.latents().value().toArray();
    for (int i = 0; i < z.length; i++) {
      assertEquals(mu[i] + Math.exp(logVariance[i] / 2) * eps[i], z[i], 1e-5);
    }
  }

  @Test
  void lossesAreTheirDefinitions() {
    Vae.Pass pass = vae.evaluate(images, noise);
    float[] x = images.toArray();
    float[] y = pass.reconstruction().value().toArray();
    double squares = 0;
    for (int i = 0; i < x.length; i++) {
      squares += Math.pow(x[i] - y[i], 2);
    }
    float[] mu = pass.mu().value().toArray();
    float[] logVariance = pass.logVariance().value().toArray();
    double divergence = 0;
    for (int i = 0; i < mu.length; i++) {
      double variance = Math.exp(logVariance[i]);
      divergence -= 0.5 * (1 + logVariance[i] - mu[i] * mu[i] - variance);
    }
    double authors = squares / x.length + 0.5 * divergence / 6;
    assertEquals(authors, total(VaeLoss.AUTHORS, pass), 1e-4 * authors);
    // 1/2 sum (x - x')^2 + divergence, the mean over six images, per value and times 2
    double elbo = (0.5 * squares + divergence) / 6 * 2 / 300;
    assertEquals(elbo, total(VaeLoss.ELBO, pass), 1e-4 * elbo);
  }

  private double total(VaeLoss loss, Vae.Pass pass) {
    return loss.of(new Tape(), pass, images).total().value().item();
  }

  @Test
  void everyParameterGetsAGradient() {
    for (VaeLoss loss : VaeLoss.values()) {
      Tape tape = new Tape();
      Trace trace = Trace.training(tape);
      Vae.Pass pass = vae.trace(trace, images, noise);
      tape.backward(loss.of(tape, pass, images).total());
      Map<String, Variable> leaves = trace.parameters();
      assertEquals(vae.parameters().keySet(), leaves.keySet());
      vae.parameters()
          .forEach(
              (name, p) -> assertArrayEquals(p.shape(), leaves.get(name).gradient().shape(), name));
    }
  }

  @ParameterizedTest
  @CsvSource({"5, false", "5, true", "192, false", "192, true"})
  void passesAreThoseOfTheLoops(int latents, boolean training) {
    Vae other = vae(latents);
    assertEquals(latents, other.latents());
    Tensor eps = random(3, 6, latents);
    other.trace(Trace.training(new Tape()), images, eps); // moves the running statistics
    VaeReference loops = new VaeReference(other.tensors(), training, images, eps);
    Vae.Pass pass =
        training
            ? other.trace(Trace.training(new Tape()), images, eps)
            : other.evaluate(images, eps);
    assertClose(loops.features, pass.features());
    assertClose(loops.mu, pass.mu());
    assertClose(loops.logVariance, pass.logVariance());
    assertClose(loops.latents, pass.latents());
    assertClose(loops.reconstruction, pass.reconstruction());
  }

  private static void assertClose(double[][][][] expected, Variable actual) {
    double[] values =
        Stream.of(expected)
            .flatMap(Stream::of)
            .flatMap(Stream::of)
            .flatMapToDouble(Arrays::stream)
            .toArray();
    float[] computed = actual.value().toArray();
    assertEquals(values.length, computed.length);
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], computed[i], 1e-3 * (0.1 + Math.abs(values[i])), "element " + i);
    }
  }

  @Test
  void hebbianNetworksAreNoEncoders() {
    Network hebbian = new Network(CPU, TINY, Neurons.hebbian(new Hpca()), 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Vae(hebbian, 3, 1)).getMessage();
    assertTrue(message.contains("must not have a Hebbian rule"), message);
  }

  /** A pool below the fully connected layer is unpooled, too, for any size of its maps. */
  @Test
  void aPoolBelowTheFullyConnectedLayer() {
    for (int side : new int[] {6, 9}) {
      Architecture pooled =
          new Architecture(
              "pooled",
              side,
              "out",
              List.of(
                  new Layer.Neural("conv1", 4, 3),
                  new Layer.Rectified("relu1"),
                  new Layer.MaxPooled("pool1", 2),
                  new Layer.Neural("fc2", 7, Layer.WHOLE),
                  new Layer.Rectified("relu2")));
      Vae other = new Vae(new Network(CPU, pooled, Neurons.backprop(), 1), 3, 1);
      Tensor x = random(4, 2, side, side, 3);
      Vae.Pass pass = other.evaluate(x, random(5, 2, 3));
      assertArrayEquals(x.shape(), pass.reconstruction().value().shape());
    }
  }

  /** A decoder reverses only networks that end with a fully connected layer and a batch norm. */
  @Test
  void networksThatDoNotEndWithAFullyConnectedLayer() {
    Architecture open =
        new Architecture(
            "open",
            10,
            "out",
            List.of(new Layer.Neural("conv1", 4, 3), new Layer.Neural("conv2", 5, 2)));
    Network network = new Network(CPU, open, Neurons.backprop(), 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Vae(network, 3, 1)).getMessage();
    assertTrue(message.contains("the network open cannot be an encoder"), message);
  }

  @Test
  void anEncoderOfTheAuthorsSizeHasTheAuthorsDecoder() {
    Network network = new Network(CPU, Architecture.small(), Neurons.backprop(), 1);
    Map<String, Tensor> named = new Vae(network, 192, 1).tensors();
    assertArrayEquals(new int[] {192, 4096}, named.get("fc_mu.weight").shape());
    assertArrayEquals(new int[] {4096, 192}, named.get("dec_fc0.weight").shape());
    assertArrayEquals(new int[] {2304, 4096}, named.get("dec_fc1.weight").shape());
    assertArrayEquals(new int[] {256, 3, 3, 192}, named.get("dec_conv2.weight").shape());
    assertArrayEquals(new int[] {96, 5, 5, 3}, named.get("dec_conv5.weight").shape());
    assertArrayEquals(new int[] {3}, named.get("dec_bn5.bias").shape());
  }

  /** Its number of parameters is that of the authors' code; pool1 has windows of 3x3. */
  @Test
  void theAutoEncoderOfTheNetworkForImageNet() {
    Network network =
        new Network(
            CPU,
            Architecture.imagenet(),
            162,
            Neurons.backprop().startingFrom(Neurons.Start.ZERO),
            1);
    Vae large = new Vae(network, Vae.LATENTS, 1);
    int encoder = network.parameters().values().stream().mapToInt(Tensor::size).sum();
    int all = large.parameters().values().stream().mapToInt(Tensor::size).sum();
    int fc1 = large.parameters().get("dec_fc1.weight").size(0);
    int missing = 3 * 3 * 512 - fc1; // rows of dec_fc1 for maps of images of 210 pixels
    assertEquals(26_415_305, all - encoder + missing * (4096 + 3));
    Tensor x = random(6, 1, 162, 162, 3);
    try (Scope _ = CPU.scope()) {
      Vae.Pass pass = large.evaluate(x, random(7, 1, Vae.LATENTS));
      assertArrayEquals(x.shape(), pass.reconstruction().value().shape());
    }
  }
}
