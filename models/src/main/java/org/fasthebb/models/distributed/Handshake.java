package org.fasthebb.models.distributed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How two workers make sure that they belong to the same run: each asks the other for the code
 * (HMAC-SHA256) of a random challenge, which only who knows the run's secret can compute. The codes
 * also bind the numbers of both workers. What is sent afterwards is neither encrypted nor signed:
 * workers talk inside the network that their cluster trusts.
 *
 * <pre>
 * caller    magic, own rank, rank of the other, challenge A
 * answerer  challenge B, code("answerer", A, B, ranks)
 * caller    code("caller", A, B, ranks)
 * answerer  1
 * </pre>
 */
final class Handshake {
  /** Bytes of a challenge, and of a code. */
  private static final int BYTES = 32;

  private static final int MAGIC = 0x46480001; // FH, version 1

  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] secret;

  /**
   * A handshake.
   *
   * @param secret of the run, at least 16 bytes
   */
  Handshake(byte[] secret) {
    if (secret.length < 16) {
      throw new IllegalArgumentException(
          "the run's secret has %s bytes; it needs at least 16".formatted(secret.length));
    }
    this.secret = secret.clone();
  }

  /**
   * Introduces worker {@code rank} to worker {@code other}, at the other end of a connection.
   *
   * @throws IOException if the other does not know the secret, or is another worker
   */
  void call(Socket socket, int rank, int other) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    byte[] a = challenge();
    out.write(
        ByteBuffer.allocate(12 + BYTES).putInt(MAGIC).putInt(rank).putInt(other).put(a).array());
    byte[] b = read(in);
    require(read(in), code("answerer", a, b, rank, other));
    out.write(code("caller", a, b, rank, other));
    if (in.read() != 1) {
      throw new IOException("it did not accept this worker");
    }
  }

  /**
   * Answers whoever is at the other end of a connection.
   *
   * @param rank of this worker
   * @return the caller's rank, which is over this worker's
   * @throws IOException if the caller does not know the secret, or looks for another worker
   */
  int answer(Socket socket, int rank, int workers) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    if (in.readInt() != MAGIC) {
      throw new IOException("it is no worker of this version");
    }
    int caller = in.readInt();
    if (in.readInt() != rank || caller <= rank || caller >= workers) {
      throw new IOException("it looks for another worker");
    }
    byte[] a = read(in);
    byte[] b = challenge();
    out.write(b);
    out.write(code("answerer", a, b, caller, rank));
    require(read(in), code("caller", a, b, caller, rank));
    out.write(1);
    return caller;
  }

  private static byte[] challenge() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static byte[] read(DataInputStream in) throws IOException {
    byte[] bytes = new byte[BYTES];
    in.readFully(bytes);
    return bytes;
  }

  private static void require(byte[] code, byte[] expected) throws IOException {
    if (!MessageDigest.isEqual(code, expected)) {
      throw new IOException("it does not know the run's secret");
    }
  }

  private byte[] code(String role, byte[] a, byte[] b, int caller, int answerer) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(role.getBytes(StandardCharsets.US_ASCII));
      mac.update(a);
      mac.update(b);
      return mac.doFinal(ByteBuffer.allocate(8).putInt(caller).putInt(answerer).array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }
}
