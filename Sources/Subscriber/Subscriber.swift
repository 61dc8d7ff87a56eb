// Subscriber
