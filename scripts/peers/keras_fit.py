"""The GAN of a Keras tutorial: a Model with its own `train_step`, trained by `fit`.

Alternating updates, new noise for each, one metric per loss.
"""

import keras
import tensorflow as tf

from peers.workloads import examples

SCHEDULE = "alternating"


class TutorialGAN(keras.Model):
    def __init__(self, workload, generator, discriminator):
        super().__init__()
        self.workload = workload
        self.generator, self.discriminator = generator, discriminator
        self.d_loss_metric = keras.metrics.Mean(name="d_loss")
        self.g_loss_metric = keras.metrics.Mean(name="g_loss")
        self.loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)

    def compile(self):
        super().compile()
        rate = self.workload.adam
        self.d_optimizer = keras.optimizers.Adam(*rate)
        self.g_optimizer = keras.optimizers.Adam(*rate)

    @property
    def metrics(self):
        return [self.d_loss_metric, self.g_loss_metric]

    def penalty(self, real, fake):
        mix = tf.random.uniform((tf.shape(real)[0], 1, 1, 1))
        between = real + mix * (fake - real)
        with tf.GradientTape() as tape:
            tape.watch(between)
            prediction = self.discriminator(between, training=True)
        gradient = tape.gradient(prediction, between)
        norm = tf.sqrt(tf.reduce_sum(tf.square(gradient), axis=[1, 2, 3]) + 1e-12)
        return tf.reduce_mean((norm - 1.0) ** 2)

    def d_loss(self, real, fake):
        if self.workload.penalty:
            fake_logits = self.discriminator(fake, training=True)
            real_logits = self.discriminator(real, training=True)
            loss = tf.reduce_mean(fake_logits) - tf.reduce_mean(real_logits)
            return loss + self.workload.penalty * self.penalty(real, fake)
        rows = tf.shape(real)[0]
        both = tf.concat([fake, real], axis=0)
        labels = tf.concat([tf.zeros((rows, 1)), tf.ones((rows, 1))], axis=0)
        return self.loss_fn(labels, self.discriminator(both, training=True))

    def g_loss(self, fake):
        logits = self.discriminator(fake, training=True)
        if self.workload.penalty:
            return -tf.reduce_mean(logits)
        return self.loss_fn(tf.ones_like(logits), logits)

    def train_step(self, real_images):
        rows = tf.shape(real_images)[0]
        latent_dim = self.workload.latent_dim
        for _ in range(self.workload.critic_steps):
            noise = tf.random.normal((rows, latent_dim))
            with tf.GradientTape() as tape:
                fake = self.generator(noise, training=True)
                d_loss = self.d_loss(real_images, fake)
            gradients = tape.gradient(d_loss, self.discriminator.trainable_weights)
            self.d_optimizer.apply_gradients(zip(gradients, self.discriminator.trainable_weights))
        noise = tf.random.normal((rows, latent_dim))
        with tf.GradientTape() as tape:
            g_loss = self.g_loss(self.generator(noise, training=True))
        gradients = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(gradients, self.generator.trainable_weights))
        self.d_loss_metric.update_state(d_loss)
        self.g_loss_metric.update_state(g_loss)
        return {"d_loss": self.d_loss_metric.result(), "g_loss": self.g_loss_metric.result()}


def build(workload, batch):
    """A function that trains for so many generator updates."""
    model = TutorialGAN(workload, *workload.networks())
    model.compile()
    data = tf.data.Dataset.from_tensor_slices(examples(workload))
    data = data.shuffle(workload.examples).batch(batch, drop_remainder=True).repeat()
    data = data.prefetch(tf.data.AUTOTUNE)
    return lambda steps: model.fit(data, steps_per_epoch=steps, verbose=0)
