package org.fasthebb.models.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fasthebb.engine.Backend;
import org.fasthebb.engine.Tape;
import org.fasthebb.engine.Tensor;
import org.fasthebb.engine.Variable;
import org.fasthebb.models.random.Rng;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** An auto-encoder around a network of a few neurons. */
class VaeTest {
  private static final Backend CPU = Backend.cpu(2);
  private static final Architecture TINY =
      new Architecture(
          "tiny",
          10,
          2,
          List.of(
              new Architecture.Block("conv1", 4, 3, 2, "bn1", false),
              new Architecture.Block("conv2", 5, 2, 1, "bn2", false),
              new Architecture.Block("fc3", 7, 3, 1, "bn3", false)));

  private final Vae vae = new Vae(CPU, new Network(CPU, TINY, Variant.BACKPROP, 1), 1);
  private final Tensor images = random(1, 6, 10, 10, 2);
  private final Tensor noise = random(2, 6, Vae.LATENTS);

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
    Vae.Pass pass = vae.forward(new Tape(), images, noise, new TreeMap<>());
    assertArrayEquals(images.shape(), pass.reconstruction().value().shape());
    assertArrayEquals(noise.shape(), pass.latents().value().shape());
  }

  @Test
  void stagesMirrorTheEncoder() {
    Map<String, Tensor> named = vae.tensors();
    assertArrayEquals(new int[] {7, Vae.LATENTS}, named.get("dec_fc0.weight").shape());
    assertArrayEquals(new int[] {45, 7}, named.get("dec_fc1.weight").shape());
    assertArrayEquals(new int[] {5, 2, 2, 4}, named.get("dec_conv2.weight").shape());
    assertArrayEquals(new int[] {4, 3, 3, 2}, named.get("dec_conv3.weight").shape());
    assertArrayEquals(new int[] {2}, named.get("dec_bn3.running_var").shape());
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
    double elbo = (0.5 * squares + divergence) / 6 * 2 / 200;
    assertEquals(elbo, total(VaeLoss.ELBO, pass), 1e-4 * elbo);
  }

  private double total(VaeLoss loss, Vae.Pass pass) {
    return loss.of(new Tape(), pass, images).total().value().item();
  }

  @Test
  void everyParameterGetsAGradient() {
    for (VaeLoss loss : VaeLoss.values()) {
      Tape tape = new Tape();
      Map<String, Variable> leaves = new TreeMap<>();
      Vae.Pass pass = vae.forward(tape, images, noise, leaves);
      tape.backward(loss.of(tape, pass, images).total());
      assertEquals(vae.parameters().keySet(), leaves.keySet());
      vae.parameters()
          .forEach(
              (name, p) -> assertArrayEquals(p.shape(), leaves.get(name).gradient().shape(), name));
    }
  }

  @Test
  void hebbianNetworksAreNoEncoders() {
    Network hebbian = new Network(CPU, TINY, Variant.HPCA, 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Vae(CPU, hebbian, 1)).getMessage();
    assertTrue(message.contains("this one is HPCA"), message);
  }
}
