// SubscribeCommands
